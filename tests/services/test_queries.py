"""Which version answers, and in which order its windows come."""

import pytest

from services.models import Incident
from services.queries import UnknownVersion, record_in_force, record_version, windows_of
from services.seoul import shown_span


def test_windows_come_in_the_order_of_the_version(version_1):
    found = [(w.service.code, shown_span(w.start_at, w.end_at), w.source.code) for w in windows_of(version_1)][:3]
    assert found == [
        ("kakaotalk.text_message", "[2022-10-15 15:30, 2022-10-16 02:00)", "press"),
        ("kakaotalk.text_message", "[2022-10-16 02:00, 2022-10-16 14:00)", "press"),
        ("kakaotalk.text_message", "[2022-10-16 14:00, ...)", "press"),
    ]


def test_the_record_in_force_is_the_newest(version_1, version_2):
    incident = version_1.incident
    assert record_in_force(incident) == version_2
    assert record_version(incident=incident.key) == version_2
    assert record_version(incident=incident.key, number=1) == version_1
    assert record_in_force(Incident(pk=0)) is None
    for arguments in ({"incident": incident.key, "number": 3}, {"incident": "none"}):
        with pytest.raises(UnknownVersion):
            record_version(**arguments)


def test_a_windows_key_names_it_in_every_version(version_1, version_2):
    for version in (version_1, version_2):
        keys = [window.key for window in windows_of(version)]
        assert len(set(keys)) == len(keys)

"""The shipped record, loaded the way the command loads it."""

from datetime import UTC, datetime

import pytest

from services.models import RecordVersion
from services.operations import FIXTURES, load_incident, load_service_tree

NOW = datetime(2022, 12, 7, 9, 0, tzinfo=UTC)


@pytest.fixture
def tree(db: None) -> None:
    load_service_tree()


@pytest.fixture
def record(tree: None) -> None:
    for name in ("kakao-2022-10-04", "kakao-2022-10-15"):
        load_incident(FIXTURES / f"{name}.json", now=NOW)


@pytest.fixture
def version_1(record: None) -> RecordVersion:
    return RecordVersion.objects.get(incident__key="kakao-2022-10-15", number=1)


@pytest.fixture
def version_2(record: None) -> RecordVersion:
    return RecordVersion.objects.get(incident__key="kakao-2022-10-15", number=2)

"""Where a claimant says how they are reached: what reaches nobody is said at its field, and not on the last page."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import PersonalData
from services.models import Incident
from tests.claims.test_filing import YOU, agreed, incident, told_all  # noqa: F401 - a fixture
from tests.claims.test_tell import here, sent

WRONG = {
    "phone": ("전화번호를 010-1234-5678처럼 적으세요. 숫자 8~15자리입니다.",
              "Write the telephone number like 010-1234-5678, with 8 to 15 digits."),
    "email": ("전자우편 주소를 name@example.org처럼 적으세요.", "Write the e-mail address like name@example.org."),
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("010-1234-5678", "010-1234-5678"), ("01012345678", "01012345678"), ("1588-1234", "1588-1234"), ("", ""), ("  ", ""),
        (" 010  1234 5678 ", "010 1234 5678"), ("+82 (0)10-1234-5678", "+82 (0)10-1234-5678"), ("(02)123-4567", "(02)123-4567"),
        ("０１０－１２３４－５６７８", "010-1234-5678"), ("＋１ （415） 555–0100", "+1 (415) 555-0100"),
        ("\u202a010-1234-5678\u202c", "010-1234-5678"), ("+123456789012345", "+123456789012345"),
        ("010-1234-5678.", "010-1234-5678"), ("010 1234 5678 -. ", "010 1234 5678"),
        ("010.1234.5678", "010-1234-5678"), ("010ㅡ1234ㅡ5678", "010-1234-5678"),
    ],
)  # fmt: skip
def test_a_telephone_is_kept_in_plain_digits(
    client: Client,
    incident: Incident,  # noqa: F811
    typed: str,
    kept: str,
):
    told_all(client)
    assert sent(client, "you", **YOU, **{"you-phone": typed}).request["PATH_INFO"] == here("check")
    sent(client, "check", **agreed())
    assert PersonalData.objects.get().phone == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *(
            ("phone", typed)
            for typed in ("abc", "1234567", "1234567890123456", "010-1234-567a", "010+12345678", "++8210123456", "-------- ",
                          "전화 없음", "010-1234-5678 / 02-1", "hong@example.org", "٠١٠١٢٣٤٥٦٧٨", "010_1234_5678")
        ),
        *(
            ("email", typed)
            for typed in ('"hong"@example.org', "hong@[127.0.0.1]", "=?utf-8?q?hong?=@example.org", "hong@xn--a.org")
        ),
    ],
)  # fmt: skip
def test_what_reaches_nobody_is_said_at_its_field(
    client: Client,
    incident: Incident,  # noqa: F811
    field: str,
    typed: str,
):
    told_all(client)
    page = sent(client, "you", **{**YOU, f"you-{field}": typed})
    assert page.request["PATH_INFO"] == here("you")
    assert page.content.decode().count(WRONG[field][0]) == 2, "on top and at the field"
    client.get(f"{here('you')}?lang=en")
    assert sent(client, "you", **{**YOU, f"you-{field}": typed}).content.decode().count(WRONG[field][1]) == 2


@pytest.mark.parametrize("field", ["phone", "email"])
def test_a_resident_number_is_called_one(client: Client, incident: Incident, field: str):  # noqa: F811
    told_all(client)
    typed = {"phone": "900101-1234568", "email": "900101-1234568@example.org"}[field]
    assert sent(client, "you", **{**YOU, f"you-{field}": typed}).content.decode().count("주민등록번호처럼 보입니다") == 2

"""Tables and names of claimants: kept in one way, and harmless to who opens them."""

from __future__ import annotations

import pytest

from claims.documents import make_safe, shown_name
from claims.documents.names import LONGEST_NAME
from claims.documents.tables import harmless
from tests.documents import TABLE

# --- tables ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        TABLE, TABLE.decode().encode("cp949"), b"\xef\xbb\xbf" + TABLE, TABLE.replace(b",", b";"), TABLE.replace(b",", b"\t"),
        TABLE.replace(b"\n", b"\r\n"), '"날짜","요금"\n"2022-10-15","-5"\n'.encode(),
    ],
    ids=["UTF-8", "CP949", "with a mark", "semicolons", "tabs", "Windows", "quotes"],
)  # fmt: skip
def test_tables_are_kept_in_one_way(sent: bytes):
    kept = make_safe(sent)
    assert (kept.media_type, kept.content.decode()) == ("text/csv", "\ufeff날짜,요금\r\n2022-10-15,-5\r\n")


def test_a_table_with_a_title_above_it_is_one():
    assert make_safe("거래 내역\n\n날짜,요금\n10-15,5\n".encode()).media_type == "text/csv"


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "＝1+1", "＋1-1", "－A1", "＠A", " =1", "+82 1"],
)
def test_what_a_spreadsheet_would_calculate_becomes_text(cell: str):
    assert harmless(cell) == f"'{cell}"
    if not cell.startswith("\r"):
        assert f"'{cell}".encode() in make_safe(f'a,b\n1,"{cell}"\n'.encode()).content


@pytest.mark.parametrize("cell", ["-5", "+5", "-1,234.50", "-5%", "-", "2022-10-15", "a=b", "", "홍길동", "－5"])
def test_numbers_and_words_stay_as_they_are(cell: str):
    assert harmless(cell) == cell


# --- names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("bill.pdf", "bill.pdf"), ("../../etc/passwd", "passwd"), ("C:\\Users\\홍\\영수증.pdf", "영수증.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("bill\u202efdp.exe", "billfdp.exe"), ("a\u200bb\ufeff.png", "ab.png"), ("..", ""), ("/", ""), ("", ""),
        ("line\r\nbreak.csv", "line break.csv"), ("\u1112\u1169\u11bc.pdf", "홍.pdf"),
        ("900101-1234567.pdf", "900101-*******.pdf"),
        ("\ud800.pdf", "pdf"),
    ],
)  # fmt: skip
def test_a_name_is_shown_and_is_never_a_path(name: str, shown: str):
    assert shown_name(name) == shown


def test_a_long_name_keeps_its_ending():
    shown = shown_name("가" * 300 + ".pdf")
    assert len(shown) == LONGEST_NAME
    assert shown.endswith(".pdf")

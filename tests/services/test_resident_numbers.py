"""Resident registration numbers are known however people write them; days, sums and accounts are not taken for one."""

from __future__ import annotations

from time import perf_counter

import pytest

from services.resident_numbers import ResidentNumber, check_no_resident_number, has_masked, without_resident_numbers

WRITTEN = (
    "900101-1234567", "9001011234567", "900101 1234568", "900101 - 1234567", "900101–1234567", "900101−1234567",
    "900101‒1234567", "900101.1234567", "90-0101-1234567", "90.01.01-1234567", "900101-1 234567",
    "９００１０１－１２３４５６７",
    "900101\u200b1234567", "900101ㅡ1234567", "19900101-1234567", "1990-01-01-1234567", "900101-123-4567",
    "900101 --- 1234567", "900101-1234567-", "900101-1234567-1", "0-900101-1234567", "홍길동900101-1234567입니다",
    "90-01-01-1234567", "900101--1234567", "(001231-4234567)", "900101_1234567", "900101·1234567", "900101~1234567",
    "900101:1234567", "900101,1234567", "900101+1234567", "(900101)1234567", "90 01 01 1234568", "90.01.01 1234568",
    "90-01-01 1234568", "900101-123 4567", "900101/1234567", "900101 1234567", "90 01 01 1234567", "201015 3250001",
    "201015\n3250001", "900101\r\n1234567", "900101 1234100", "900101\u30001234567",
    "900101      1234567", "900101   -   1234567", "90  01  01  1234567", "900101-1  234567",
)  # fmt: skip
OTHER = (
    "2022-10-15 1234567", "22년 10월 15일 1234567", "010-1234-5678", "통장 사본 110-123-455678", "22-10-15 15:31 끝",
    "900101-9234567", "901301-1234567", "KA-7F3K-90Q2-1", "1900101-1234567", "900101-12345678", "22-10-15 3250000원",
    "900101-12-34567", "3333-01-1234567", "9013011234567", "221015 15:31 110-1234", "02-1015-1234", "1002-123-456789",
    "221015-110-123-455678", "2022.10.15-1234567", "C-0101-1234567", "22.10.15. 3250000원", "221015 3250000원",
    "221015\n3250000", "22 10 15 1250000", "2022-10-15-1234567",
)  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_it_is_refused_and_not_repeated(text: str):
    with pytest.raises(ResidentNumber) as refused:
        check_no_resident_number(f"통장: {text}", "note")
    assert refused.value.field == "note"
    assert "23456" not in refused.value.message


@pytest.mark.parametrize("text", OTHER)
def test_what_is_none_may_be_written(text: str):
    check_no_resident_number(text, "note")


@pytest.mark.parametrize("text", WRITTEN)
def test_where_it_is_masked_the_rest_stays_and_it_is_no_longer_one(text: str):
    masked = without_resident_numbers(f"통장: {text}, 끝")
    assert (masked.startswith("통장: "), masked.endswith(", 끝"), has_masked(masked)) == (True, True, True)
    check_no_resident_number(masked, "note")
    assert without_resident_numbers(masked) == masked


def test_a_sum_is_masked_only_where_the_check_digit_is_right_as_well():
    assert without_resident_numbers("221015 1234100") == "221015 1234100"
    assert without_resident_numbers("900101 1234100") == "900101-*******"


def test_a_long_text_of_digits_and_spaces_is_read_in_a_moment():
    for text in ("90 " * 20_000, "90" + " " * 60_000, "900101" + "- " * 30_000, "900101 " * 10_000):
        begun = perf_counter()
        without_resident_numbers(text)
        assert perf_counter() - begun < 2, text[:10]

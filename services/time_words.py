"""What is wrong with a day or an instant that staff typed in, in Korean and English: refusals name fields as programs do."""

from __future__ import annotations

from services.instants import (
    AlreadyOver,
    InstantMalformed,
    InstantOutOfRange,
    IntervalInvalid,
    OutageTooLong,
    TimezoneRequired,
)
from services.language import in_english
from services.operations.duties import ProofBeforeIncident, ProofInFuture
from services.operations.versions import AsOfInFuture
from services.refusals import Refusal

SHAPE = ("날짜와 시각을 2022-10-15 15:30처럼 적으세요.", "Write day and time like 2022-10-15 15:30.")
AHEAD = ("아직 오지 않은 때입니다. 날짜와 시각을 확인하세요.", "This has not come yet. Please check day and time.")
WRONG: dict[type[Refusal], tuple[str, str]] = {
    InstantMalformed: SHAPE, TimezoneRequired: SHAPE,
    InstantOutOfRange: ("2000년부터 2099년까지의 때를 적으세요.", "Give a time from 2000 to 2099."),
    AlreadyOver: ("이미 지난 때입니다. 뒤의 때를 적으세요.", "That is over already. Give a later time."),
    IntervalInvalid: ("끝은 시작보다 뒤여야 합니다.", "The end has to be later than the start."),
    OutageTooLong: (
        "장애는 길어야 366일입니다. 연도를 확인하거나, 이어지는 동안에는 끝을 비워 두세요.",
        "An outage is at most 366 days long. Correct the year, or leave the end open while it lasts.",
    ),
    AsOfInFuture: AHEAD, ProofInFuture: AHEAD,
    ProofBeforeIncident: ("장애가 시작하기 전입니다.", "This is before the incident began."),
}  # fmt: skip


def said_time(refusal: Refusal) -> str:
    """In a sentence, with the code; empty of what is about something else."""
    words = WRONG.get(type(refusal))
    return "" if words is None else f"{words[in_english()]} ({refusal.code})"

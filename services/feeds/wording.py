"""Words of the readers: questions and remarks on a proposed window by code, and why windows end where they do."""

from collections.abc import Iterable

WHICH_COMPONENT = "which_component"
SEVERITY_UNSAID = "severity_unsaid"
END_UNSAID = "end_unsaid"
TAIL_OF_DAYS = "tail_of_days"
TIMES_IN_PROSE = "times_in_prose"
NEVER_BEGAN = "never_began"
MAINTENANCE_OR_OUTAGE = "maintenance_or_outage"
UPDATES_MISSING = "updates_missing"  # asked beside what is kept, not by a reader

QUESTIONS: dict[str, tuple[str, str]] = {
    WHICH_COMPONENT: (
        "원문에 구성 요소가 없습니다. 어느 서비스의 장애입니까?",
        "Upstream names no component. Which service was down?",
    ),
    SEVERITY_UNSAID: (
        "얼마나 중단되었는지 원문에 없습니다. 전면입니까, 일부입니까?",
        "Upstream does not say how much was down. Was it all of it, or a part?",
    ),
    END_UNSAID: (
        "복구되었다고 하지만 시각이 없습니다. 언제 끝났습니까?",
        "Upstream calls it over and does not say since when. When did it end?",
    ),
    TAIL_OF_DAYS: (
        "끝을 알린 공지와 그 앞 공지 사이가 24시간을 넘습니다. 실제로 언제 끝났습니까?",
        "More than 24 hours lie between the end and the update before it. When did it really end?",
    ),
    TIMES_IN_PROSE: (
        "공지가 한꺼번에 올라와 시각을 알 수 없습니다. 본문에 적힌 시작과 끝을 옮겨 적어 주십시오.",
        "All was posted at once, so the times are not in the data. Take start and end from the text.",
    ),
    NEVER_BEGAN: (
        "예정된 시작 전에 완료로 표시되었습니다. 취소되었습니까, 앞당겨졌습니까?",
        "It was marked completed before its planned start. Was it cancelled, or done earlier?",
    ),
    MAINTENANCE_OR_OUTAGE: (
        "장애 공지 안에서 구성 요소가 점검 중으로 표시되었습니다. 점검입니까, 장애입니까?",
        "Within an incident the component was called under maintenance. Was it maintenance, or an outage?",
    ),
    UPDATES_MISSING: (
        "전에 읽은 더 나중 공지가 이 파일에 없습니다. 예전 파일입니까, 원문에서 공지를 지웠습니까?",
        "Later updates that were read before are not in this file. Is it an older file, or did upstream delete them?",
    ),
}

NO_RECOVERY_LINE = "no_recovery_line"
REOPENED = "reopened"
POSTED_LATER = "posted_later"
DOWN_BEFORE = "down_before"
START_UNSAID = "start_unsaid"
COMPLETED_EARLY = "completed_early"
COMPLETED_LATE = "completed_late"
NOT_COMPLETED = "not_completed"
EXTENT_UNSAID = "extent_unsaid"
NOT_PUBLIC = "not_public"

REMARKS: dict[str, tuple[str, str]] = {
    NO_RECOVERY_LINE: (
        "구성 요소가 복구되었다는 말이 없어, 장애 전체가 끝난 시각에 닫았습니다.",
        "Nothing says that the component recovered; it closes when the whole incident did.",
    ),
    REOPENED: (
        "해결된 뒤 다시 열린 장애입니다.",
        "The incident had been resolved before, and was opened again.",
    ),
    POSTED_LATER: (
        "표시된 시각보다 하루 넘게 지나서 쓰인 공지가 있습니다.",
        "An update was written more than a day after the time it is displayed at.",
    ),
    DOWN_BEFORE: (
        "처음 언급될 때 이미 중단되어 있었습니다. 더 일찍 시작했을 수 있습니다.",
        "It was down already when upstream first spoke of it; it may have begun earlier.",
    ),
    START_UNSAID: (
        "시작 시각이 없어 첫 장애 공지의 시각을 썼습니다.",
        "No start is given; it starts at the first update that calls it down.",
    ),
    COMPLETED_EARLY: (
        "예정보다 일찍 완료되었습니다. 완료 공지의 시각을 썼습니다.",
        "Completed earlier than planned; the update that says so counts.",
    ),
    COMPLETED_LATE: (
        "예정보다 늦게 완료되었습니다. 완료 공지의 시각을 썼습니다.",
        "Completed later than planned; the update that says so counts.",
    ),
    NOT_COMPLETED: (
        "아직 완료되지 않아 예정된 끝을 썼습니다.",
        "Not completed yet; the planned end stands for the real one.",
    ),
    EXTENT_UNSAID: (
        "점검 중 얼마나 중단되었는지 원문에 없어 전면 중단으로 보았습니다.",
        "Upstream does not say how much is down during the maintenance; all of it is assumed.",
    ),
    NOT_PUBLIC: (
        "공개되지 않은 장애입니다.",
        "Upstream does not show this incident to the public.",
    ),
}


# Kept in English with each window, as part of what is hashed; Korean pages show the Korean.
UNRECOVERED = "No update calls the component operational again; it ends when the incident was resolved."
UNMONITORED = "No update calls the incident monitored; it ends when the incident was resolved."
MONITORED = "It ends at the first update that calls the incident monitored, as chosen for this feed."
RESOLVED = "It ends when the incident was resolved, as chosen for this feed."
ENDS_AS_PLANNED = "Not completed yet; it ends when it is planned to."

CLOSING_RULES: dict[str, str] = {
    UNRECOVERED: "구성 요소가 복구되었다는 공지가 없어, 장애가 해결된 때를 끝으로 봄",
    UNMONITORED: "장애를 지켜보고 있다는 공지가 없어, 장애가 해결된 때를 끝으로 봄",
    MONITORED: "이 피드에 정한 대로, 장애를 지켜보고 있다고 처음 알린 때를 끝으로 봄",
    RESOLVED: "이 피드에 정한 대로, 장애가 해결된 때를 끝으로 봄",
    ENDS_AS_PLANNED: "아직 완료되지 않아, 예정된 끝을 끝으로 봄",
}


def sorted_codes(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(codes))

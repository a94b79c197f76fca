"""Words of the pages of disputes, each in Korean and English."""

from django.utils.translation import get_language

WORDS: dict[str, tuple[str, str]] = {
    "title": ("공식 구간 밖의 신고", "Reports outside the official windows"),
    "open": ("열림", "open"),
    "accepted": ("받아들임", "accepted"),
    "rejected": ("거절함", "rejected"),
    "answered": ("새 판이 답함", "answered by a version"),
    "joined": ("다른 이의에 합쳐짐", "joined to another"),
    "span": ("구간 (한국 시간)", "Hours (Korean time)"),
    "most": ("가장 많은 시간의 청구", "Claims in the fullest hour"),
    "version": ("견준 판", "Counted under"),
    "chart": ("시간별 청구 수", "Claims by the hour"),
    "legend": ("칠한 곳은 공식 구간, 점선은 이의가 열리는 수입니다.",
               "Shaded: official windows. Dashed: so many open a dispute."),
    "table": ("표로 보기", "As a table"),
    "hour": ("시각 (한국 시간)", "Hour (Korean time)"),
    "claims": ("청구", "Claims"),
    "official": ("공식 구간", "Official window"),
    "whole": ("전부", "all of it"),
    "part": ("일부", "in part"),
    "none": ("없음", "none"),
    "cut": ("처음 2주만 보입니다.", "Only the first two weeks are shown."),
    "accept": ("받아들이기", "Accept"),
    "accepthelp": ("공식 공지를 골라 기록의 초안을 엽니다. 초안은 다른 승인자가 게시해야 셉니다.",
                   "Choose an official notice; a draft of the record is opened. It counts once another checker publishes it."),
    "reject": ("거절하기", "Reject"),
    "rejecthelp": ("같은 시간에 그만큼 더 신고되면 다시 열립니다.",
                   "It opens again after as many further reports of the same hours."),
    "done": ("반영했습니다.", "Done."),
    "reason": ("까닭", "Reason"),
    "by": ("답한 사람", "Answered by"),
    "draft": ("기록의 초안", "Draft of the record"),
    "reader": ("답하려면 담당자 또는 승인자 역할이 필요합니다.", "To answer it one needs the role caseworker or checker."),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][(get_language() or "ko").startswith("en")]

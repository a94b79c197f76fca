"""Words of the page of an import, each in Korean and English."""

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "title": ("이용 기록 가져오기", "Import of usage"), "partner": ("제휴사", "Partner"), "state": ("상태", "State"),
    "how": ("방식", "How"), "dry_run": ("시험 삼아: 아무것도 넣지 않음", "Dry run: nothing is stored"),
    "numbers": ("얼마나", "How much"), "going": ("가져오고 있습니다", "Being worked on"),
    "came": ("받은 바이트", "Bytes received"), "phase": ("단계", "Phase"), "attempts": ("시도", "Attempts"),
    "rows": ("행", "Rows"),
    "stored": ("넣은 행", "Rows stored"), "would": ("넣을 행", "Rows that would be stored"),
    "repeated": ("이미 있던 행", "Rows that were there already"), "refused": ("틀린 행", "Rows refused"),
    "failed": ("우리 잘못으로 가져오지 못한 행", "Rows not worked off, by our fault"),
    "begun": ("시작", "Begun"), "sent": ("다 받은 때", "All received"), "finished": ("끝", "Finished"),
    "took": ("걸린 시간", "Time taken"), "errors": ("틀린 행", "Rows refused"),
    "first_errors": ("앞의 {}개만 보입니다. 모두는 제휴사가 받는 파일에 있습니다.",
        "The first {}. All are in the file that the partner gets."),
    "line": ("줄 번호", "Line"), "code": ("코드", "Code"), "field": ("항목", "Field"),
    "parts": ("실패한 조각", "Parts that failed"), "part": ("조각", "Part"), "worker": ("작업자", "Worker"),
    "error": ("마지막 오류", "Last error"), "none": ("없습니다.", "None."),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]

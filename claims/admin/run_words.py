"""Words of the page of a run, each in Korean and English."""

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "title": ("산정 회차", "Run of assessments"), "incident": ("장애", "Incident"), "terms": ("조건", "Terms"),
    "record": ("기록의 판", "Version of the record"), "state": ("상태", "State"),
    "running": ("산정하고 있습니다", "Being assessed"), "numbers": ("얼마나", "How much"),
    "assessed": ("산정한 청구", "Claims assessed"), "quarantined": ("따로 둔 청구", "Claims put aside"),
    "lines": ("산정 내역", "Lines"), "chunks": ("묶음", "Chunks"), "pace": ("1초에 산정한 청구", "Claims per second"),
    "planned": ("시작", "Planned"), "last": ("마지막 묶음", "Newest chunk"), "finished": ("끝", "Finished"),
    "took": ("걸린 시간", "Time taken"), "left": ("남은 시간 (지금 속도로)", "Time left, at this pace"),
    "troubled": ("실패한 묶음과 따로 둔 청구", "Chunks that failed, and claims put aside"),
    "none": ("없습니다.", "None."), "chunk": ("묶음", "Chunk"), "claims": ("청구 번호 (안쪽)", "Claims (ids, inclusive)"),
    "attempts": ("시도", "Attempts"), "worker": ("작업자", "Worker"), "error": ("마지막 오류", "Last error"),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]

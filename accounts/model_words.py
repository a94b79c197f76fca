"""What the staff's pages call the tables and columns of people in Korean."""

from services import model_words

MODELS: dict[str, str] = {
    **model_words.MODELS,
    "Person": "사람", "PersonalData": "개인 정보", "User": "사용자", "RoleGrant": "역할", "Partner": "제휴사",
    "RoleChange": "역할 변경", "AccountEvent": "계정 사건 기록", "DataView": "개인 정보 열람 기록",
}  # fmt: skip
FIELDS: dict[str, str] = {
    **model_words.FIELDS,
    "public_id": "공개 번호", "person": "사람", "phone": "전화", "email": "전자우편", "is_staff": "담당 직원",
    "is_active": "사용 중", "user": "사용자", "granted_at": "준 때", "granted_by": "준 사람",
    "partner": "제휴사", "at": "때", "actor": "한 사람", "data": "자료", "transaction": "데이터베이스 처리 번호",
    "viewer": "본 사람", "note_hash": "메모의 해시", "scopes": "허용 범위", "grants": "줄 역할", "takes": "거둘 역할",
    "leaves": "그만둠", "proposed_by": "제안한 사람", "closing_note": "닫을 때의 비고",
}  # fmt: skip

"""What the staff's pages call the tables and columns of people in Korean."""

from services import model_words

MODELS: dict[str, str] = {
    **model_words.MODELS,
    "Person": "사람", "PersonalData": "개인 정보", "User": "사용자", "RoleGrant": "역할", "Partner": "제휴사",
}  # fmt: skip
FIELDS: dict[str, str] = {
    **model_words.FIELDS,
    "public_id": "공개 번호", "person": "사람", "phone": "전화", "email": "전자우편", "is_staff": "담당 직원",
    "is_active": "사용 중", "user": "사용자", "granted_at": "준 때", "granted_by": "준 사람",
}  # fmt: skip

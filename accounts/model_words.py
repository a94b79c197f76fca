"""What the staff's pages call the tables and columns of people in Korean."""

from services import model_words

MODELS: dict[str, str] = {
    **model_words.MODELS,
    "Person": "사람", "PersonalData": "개인 정보", "User": "사용자", "RoleGrant": "역할", "Partner": "제휴사",
    "RoleChange": "역할 변경", "AccountEvent": "계정 사건 기록", "DataView": "개인 정보 열람 기록",
    "ViewNote": "열람 메모", "PartnerContact": "제휴사 연락처", "PartnerPerson": "제휴사가 아는 사람",
    "RequestCount": "요청 수",
    "Credential": "제휴사 자격 증명", "Payee": "받는 계좌",
    "ConsentText": "동의서", "Consent": "동의", "KeptPerson": "계정에 모은 사람", "App": "앱",
}  # fmt: skip
FIELDS: dict[str, str] = {
    **model_words.FIELDS,
    "event": "기록", "public_id": "공개 번호", "person": "사람", "phone": "전화", "email": "전자우편", "is_staff": "담당 직원",
    "is_active": "사용 중", "user": "사용자", "granted_at": "준 때", "granted_by": "준 사람",
    "partner": "제휴사", "at": "때", "actor": "한 사람", "data": "자료", "transaction": "데이터베이스 처리 번호",
    "viewer": "본 사람", "note_hash": "메모의 해시", "scopes": "허용 범위", "grants": "줄 역할", "takes": "거둘 역할",
    "leaves": "그만둠", "proposed_by": "제안한 사람", "closing_note": "닫을 때의 비고",
    "view": "열람", "salt": "소금 값", "place": "자리", "client_id": "클라이언트 번호", "secret_hash": "비밀 값의 해시",
    "secret_prefix": "비밀 값의 앞 글자", "issued_by": "발급한 사람", "issued_at": "발급한 때", "expires_at": "이때까지",
    "payee": "받는 계좌를 봄", "required": "필수", "text_ko": "본문 (한국어)", "text_en": "본문 (영어)", "text": "본문",
    "given": "동의함", "said_at": "말한 때", "revoked_by": "무효로 한 사람", "revoked_at": "무효로 한 때",
    "begun_at": "계정을 시작한 때", "external_id": "제휴사 번호",
    "caller": "요청한 쪽", "minute": "몇 번째 분", "requests": "요청 수",
    "application": "클라이언트", "audience": "쓰는 사람", "registered_by": "등록한 사람", "registered_at": "등록한 때",
    "ended_by": "끝낸 사람", "ended_at": "끝낸 때",
}  # fmt: skip

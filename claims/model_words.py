"""What the staff's pages call the tables and columns of claims in Korean."""

from accounts import model_words

MODELS: dict[str, str] = {
    **model_words.MODELS,
    "Usage": "이용 기록", "Claim": "청구", "ClaimRevision": "청구의 개정", "Loss": "손실", "Fact": "청구의 사실",
    "Policy": "정책", "PolicyVersion": "정책의 판", "PolicyRule": "정책의 규칙", "PolicyDraft": "정책 초안",
    "DraftRevision": "정책 초안의 개정", "CompiledTerms": "산정 조건", "TermsInForce": "지금의 조건",
    "TermsMadeOf": "조건의 바탕", "AssessmentRun": "산정 작업", "RunChunk": "산정 작업의 조각", "Assessment": "산정",
    "EntitlementLine": "보상 내역", "ChainLink": "기록 사슬의 고리", "Comparison": "견주기", "ComparisonChunk": "견주기의 조각",
    "ComparisonDifference": "견주기의 차이", "Dispute": "이의", "DisputeHour": "이의의 시간별 수", "CountDue": "셀 것",
    "DisputesMadeOf": "이의의 바탕", "Payout": "지급", "SettlementDue": "정산할 것", "LetterDue": "보낼 편지",
    "Letter": "편지", "ReassessmentDue": "다시 산정할 것", "DerivationDue": "찾아낼 것", "Hint": "깨우는 신호",
    "WorkerBeat": "일꾼의 신호", "CaseView": "열람 기록", "Event": "사건 기록",
}  # fmt: skip
FIELDS: dict[str, str] = {
    **model_words.FIELDS,
    "partner": "제휴사", "locked_at": "잠긴 때", "charge_minor": "요금 (최소 단위)", "currency": "통화",
    "external_id": "제휴사 번호", "viewer": "본 사람", "page": "본 것",
    "reference": "청구 번호", "filed_at": "낸 때", "claim": "청구", "asks_for": "요구", "author": "쓴 사람", "revision": "개정",
    "usage": "이용 기록", "via": "거친 서비스", "loss": "손실", "int_value": "수 값", "text_value": "글 값",
    "demonstration": "시연용", "policy": "정책", "pack_yaml": "정책 (YAML)", "incidents_from": "이때부터의 장애",
    "incidents_before": "이때 전의 장애", "record_version": "공식 기록의 판", "engine_version": "계산기의 판",
    "terms": "조건", "since_at": "언제부터", "made_of": "바탕 (해시)", "due_after": "대기 번호 뒤",
    "due_horizon": "대기 번호까지",
    "total": "모두", "planned_at": "계획한 때", "finished_at": "마친 때", "run": "산정 작업", "first_claim_id": "첫 청구",
    "last_claim_id": "마지막 청구", "attempts": "시도", "attempted_at": "시도한 때", "claims": "청구 수", "lines": "내역 수",
    "worker": "일꾼", "done_at": "마친 때", "chunk": "조각", "assessed_at": "산정한 때", "assessment": "산정", "rule": "규칙",
    "reasons": "까닭", "remedy": "보상 방법", "unit": "단위", "quantity": "양", "counted_seconds": "센 시간 (초)", "row": "행",
    "hash": "해시", "linked_at": "이은 때", "record_draft": "기록 초안", "terms_hash": "조건의 해시", "against": "견준 조건",
    "begun_by": "시작한 사람", "begun_at": "시작한 때", "comparison": "견주기", "claim_ids": "청구", "before": "앞",
    "after": "뒤",
    "undecided": "미정", "dispute": "이의", "hour_at": "시각", "counted_at": "센 때", "line": "내역", "language": "언어",
    "made_at": "만든 때", "since": "바탕이 된 판", "first_usage_id": "첫 이용 기록", "last_usage_id": "마지막 이용 기록",
    "task": "작업", "ref_id": "대상 번호", "seen_at": "마지막으로 본 때", "at": "때", "actor": "한 사람", "data": "자료",
}  # fmt: skip

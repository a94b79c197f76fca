"""What partners' programs are told of claims, each kind in Korean and English: for their documentation, and for staff."""

from claims.models import WebhookKind

KINDS: dict[str, tuple[str, str]] = {
    WebhookKind.FILED: ("청구가 들어옴", "the claim came in"),
    WebhookKind.WITHDRAWN: ("청구를 거두어들임", "the claim was withdrawn"),
    WebhookKind.MERGED: ("다른 청구에 합쳐짐", "the claim was merged into another one"),
    WebhookKind.APPEALED: ("결정에 이의를 신청함", "somebody objects to the decision"),
    WebhookKind.UNDER_REVIEW: ("사람이 살펴봄", "people look at the claim, or do so again"),
    WebhookKind.DOCUMENTS_REQUESTED: ("자료를 요청함", "documents are asked for"),
    WebhookKind.DECIDED: ("결정함", "the claim was decided or answered, or decided anew"),
    WebhookKind.DECISION_UNDONE: ("결정을 취소함", "the decision was undone, and another one follows"),
    WebhookKind.APPEAL_ANSWERED: ("이의에 답함", "the objection was answered by this decision"),
    WebhookKind.PAYMENT_CHANGED: ("지급 상태가 바뀜", "where its payment stands has changed"),
    WebhookKind.CLOSED: ("끝남", "nobody has to do anything more"),
    WebhookKind.TEST: ("시험", "a test"),
}  # fmt: skip

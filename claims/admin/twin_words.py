"""Words of the pages of claims that may be one, each in Korean and English."""

from django.utils.functional import lazy

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "list": ("중복일 수 있는 청구", "Claims that may be one"), "open": ("열린 것", "Open"),
    "stops": ("규칙을 멈추는 것", "Those that stop rules"), "dismissed": ("아니라고 한 것", "Dismissed"),
    "score": ("점수", "Score"), "why": ("까닭", "Why"), "claim": ("청구", "Claim"), "other": ("다른 청구", "Other claim"),
    "found": ("찾은 때 (한국 시간)", "Found (Korean time)"), "by": ("답한 사람", "Answered by"),
    "more": ("다음 쪽", "Next page"), "empty": ("해당하는 것이 없습니다.", "There is none like that."),
    "incident": ("장애", "Incident"), "all": ("모든 장애", "All incidents"), "filter": ("보기", "Show"),
    "hint": ("중복일 수 있음", "May be one claim"), "alone": ("이 청구만의 일", "Of this claim alone"),
    "alone_help": ("두 청구가 아니라, 한 청구의 내용이 서로 맞지 않습니다.",
        "One claim says what cannot be; no other one is meant."),
    "weights": ("점수의 까닭", "What makes the score"), "points": ("점", "points"),
    "side": ("나란히 보기", "Side by side"), "same": ("같음", "same"), "reference": ("번호", "Reference"),
    "review": ("심사", "Review"), "decision": ("결정", "Decision"), "payment": ("지급", "Payment"),
    "filed": ("낸 때", "Filed"), "name": ("이름", "Name"), "phone": ("전화", "Phone"), "email": ("전자우편", "E-mail"),
    "person": ("청구인 ID", "Claimant's ID"), "losses": ("잃은 것", "What was lost"), "amount": ("승인하면", "If approved"),
    "holder": ("예금주", "Account holder"),
    "masked": ("개인 정보는 가린 채 보입니다. ‘같음’은 가리기 전의 값을 견준 것입니다.",
        "Personal data is masked; “same” compares what is behind the mask."),
    "dismiss": ("중복이 아님", "Not one claim"),
    "dismiss_help": ("규칙이 두 청구를 다시 봅니다. 이 표시는 다시 열리지 않습니다.",
        "Rules look at both claims again. This hint is not opened again."),
    "merge": ("합치기", "Merge"), "preview": ("미리 보기", "Preview"),
    "merge_of": ("합칠 청구 (답하지 않게 됨)", "The duplicate, which is no longer answered"),
    "stays": ("남아서 답할 청구", "The one that stays and is answered"),
    "moves": ("무엇이 바뀌나", "What changes"),
    "keeps": ("잃은 것, 사실, 결정은 저마다 제자리에 남습니다.", "Losses, facts and decisions stay with their claims."),
    "again": ("남는 청구는 규칙이 다시 봅니다.", "Rules look at the claim that stays again."),
    "undo": ("되돌릴 수 있습니다: 합친 청구의 화면에서 ‘다시 열기’를 누르십시오.",
        "This can be undone: “Open again” on the page of the duplicate."),
    "cannot": ("이렇게는 합칠 수 없습니다.", "They cannot be merged so."), "note": ("메모", "Note"),
    "closed": ("이 표시에는 누군가 답했습니다.", "Somebody has answered this hint."),
    "reader": ("답하려면 담당자 또는 승인자 역할이 필요합니다.", "To answer it one needs the role caseworker or checker."),
    "done": ("했습니다.", "Done."), "state": ("상태", "State"), "merges": ("합침:", "Merge"), "into": ("→", "into"),
    "may_be": ("중복일 수 있음", "May be a duplicate"),  # on the page of a claim
    # patterns
    "patterns": ("여러 청구가 함께 쓰는 것", "What many claims have in common"),
    "patterns_stops": ("규칙을 멈추는 것", "Those that stop rules"), "patterns_all": ("모두", "All"),
    "patterns_help": ("열 건이 넘는 청구가 같은 것을 쓰면 짝을 짓지 않고 한 줄로 보입니다. 계좌, 서류, 받는 곳이 같으면 그 "
                      "청구는 규칙이 승인하지 않습니다.",
                      "What more than ten claims have in common is one line here instead of all pairs. Where it is an account "
                      "with the operator, a document or a payee, no rule approves these claims."),
    "in_common": ("함께 쓰는 것", "In common"), "claims": ("청구 수", "Claims"), "effect": ("어떻게 되나", "What follows"),
    "counted": ("센 때 (한국 시간)", "Counted (Korean time)"), "stops_rules": ("규칙을 멈춤", "stops rules"),
    "only_shown": ("보이기만 함", "only shown"),
    "let_up_to": ("{claims}건까지 괜찮음 ({by})", "all right up to {claims} ({by})"),
    "pattern_claims": ("이것을 쓰는 청구", "The claims that have it"),
    "hidden": ("개인 정보는 가려서 보입니다.", "Personal data is masked."),
    "in_queue": ("심사할 것만 한꺼번에 보기", "Those to review, all at once"),
    "may_have": ("여럿이 써도 괜찮음", "So many may have it"),
    "may_have_help": ("가족이나 가게처럼 여럿이 쓸 까닭이 있을 때만 누르십시오. 규칙이 이 청구들을 다시 보고, 적은 수를 "
                      "넘으면 다시 멈춥니다. 0을 적으면 바로 다시 멈춥니다.",
                      "Only where there is a reason for so many, as a family or a shop. Rules look at these claims again, and "
                      "stop once more claims have it than you say. With 0 they stop again at once."),
    "up_to": ("몇 건까지", "Up to how many claims"), "up_to_help": ("그 수까지 포함합니다.", "Inclusive."),
    "up_to_most": ("{least}~{most}건 가운데 정합니다.", "From {least} to {most}."),
    "pattern_reader": ("승인자가 괜찮다고 할 수 있습니다.", "A checker can say that it is all right."),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)

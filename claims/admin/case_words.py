"""Words of the pages of a claim, of the queue and of bulk decisions, each in Korean and English."""

from django.utils.functional import lazy

from claims.eligibility.reasons import REASONS as ENGINE
from claims.eligibility.reasons import REFUSED as ENGINE_REFUSED
from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "actions": ("지금 할 수 있는 일", "What can be done now"),
    "no_actions": ("지금은 할 수 있는 일이 없습니다.", "Nothing can be done now."), "person": ("청구인", "Claimant"),
    "masked": ("가린 채 보입니다.", "Shown masked."), "name": ("이름", "Name"), "phone": ("전화", "Phone"),
    "email": ("전자우편", "E-mail"), "why": ("사람이 보아야 하는 까닭", "Why a person has to look"),
    "due": ("답할 기한", "To be answered by"), "age_least": ("기다린 근무일, 적어도", "Waiting for at least, in working days"),
    "assignee": ("맡은 사람", "In the hands of"),
    "snoozed": ("미룬 때까지", "Put off until"), "lost": ("잃은 것", "What was lost"),
    "timeline": ("잃은 시간과 공식 장애 구간", "Losses and the official windows"),
    "legend": ("칠한 곳은 공식 구간, 굵은 막대는 잃었다고 한 시간입니다.",
        "Shaded: official windows. Thick bars: the time that was lost."),
    "service": ("서비스", "Service"), "period": ("기간 (한국 시간)", "Period (Korean time)"), "origin": ("어디서", "From"),
    "official": ("공식 구간 안", "Inside official windows"), "none": ("없음", "none"), "facts": ("사실", "Facts"),
    "fact": ("사실", "Fact"), "value": ("값", "Value"), "provenance": ("누구의 말", "Whose word"),
    "revision": ("개정", "Revision"), "calculation": ("계산", "Calculation"), "decisions": ("결정", "Decisions"),
    "paid": ("지급", "Payouts"), "letters": ("편지", "Letters"), "events": ("있었던 일", "What happened"),
    "at": ("때 (한국 시간)", "At (Korean time)"), "what": ("무엇을", "What"), "who": ("누가", "Who"),
    "note": ("메모", "Note"), "reasons": ("까닭", "Reasons"), "rule": ("규칙", "a rule"),
    "second": ("두 번째 사람", "Second person"), "undone": ("취소됨", "undone"), "stands": ("유효", "stands"),
    "policy": ("정책", "Policy"), "kind": ("종류", "Kind"), "quantity": ("양", "Amount"),
    "owed": ("그때까지 모두", "Owed then"), "done": ("했습니다.", "Done."),
    "appeals": ("이의와 사람의 재검토", "Appeals and reviews"), "appeal_new": ("이의 적기", "Note an appeal"),
    "similar": ("비슷한 청구", "Similar claims"), "claims_with_it": ("같은 것이 있는 청구", "claims that have it"),
    "superseded": ("다른 말이 앞섬", "another word counts instead"),
    "not_for_role": ("(이 역할에는 보이지 않는 글)", "(a text that your role does not see)"),
    "reveal": ("까닭을 대고 보기", "Show with a reason"),
    "tell": ("청구인이 한 말 적기", "Add what the claimant told us"), "sort": ("다르게 분류", "Sort otherwise"),
    "payee": ("받는 계좌 적기", "Enter where they are paid"), "paid_to": ("받는 계좌", "Paid to"),
    "verify": ("사실 확인", "Verify a fact"), "loss": ("어느 피해", "Which loss"),
    "withdraw_loss": ("피해 거두기", "Withdraw a loss"), "why_withdrawn": ("거두는 까닭", "Why it is withdrawn"),
    "put_back_loss": ("거둔 피해 되살리기", "Put a loss back"), "withdrawn": ("거두어들임", "withdrawn"),
    "missing": ("모자라거나 증빙이 필요한 것", "Missing, or to be proved"),
    "asked": ("이 청구의 정책이 묻는 것", "Asked by the policies of this claim"),
    "else": ("그 밖의 것", "Others"),
    "value_help": ("숫자, 예/아니오, 2022-10-15 15:42 또는 글", "A number, yes or no, 2022-10-15 15:42, or text"),
    "yes": ("예", "yes"), "no": ("아니오", "no"), "take": ("맡기", "Take"), "approve": ("승인", "Approve"),
    "reject": ("거절", "Reject"), "put_back": ("되돌려 놓기", "Put back"), "snooze": ("미루기", "Put off"),
    "hold": ("보류", "Hold"), "release": ("보류 풀기", "Release"), "reopen": ("다시 열기", "Open again"),
    "withdraw": ("거두어들임", "Withdraw"), "undo": ("결정 취소", "Undo the decision"), "confirm": ("확인", "Confirm"),
    "return": ("돌려보내기", "Return"), "assign": ("맡기기", "Assign"),
    "until": ("언제까지 (한국 시간)", "Until (Korean time)"), "user": ("누구에게", "To whom"),
    "proposed": ("제안된 결정", "Proposed decision"), "queue": ("심사할 청구", "Claims to review"),
    "next": ("다음 청구 맡기", "Take the next claim"), "find": ("청구 찾기", "Find a claim"),
    "nothing_next": ("맡을 수 있는 청구가 없습니다.", "There is no claim to take."), "filter": ("보기", "Show"),
    "more": ("다음 쪽", "Next page"), "empty": ("해당하는 청구가 없습니다.", "No claim is like that."),
    "reference": ("청구", "Claim"), "incident": ("장애", "Incident"), "amount": ("승인하면", "If approved"),
    "age": ("차례를 기다린 때", "Waiting since"), "overdue": ("지남", "overdue"), "review": ("심사", "Review"),
    "least": ("적어도", "At least"), "most": ("많아야", "At most"), "hidden": ("미룬 것도", "Also put off"),
    "pattern": ("여러 청구가 함께 쓰는 것", "In common"),
    "mine": ("내가 맡은 것만", "Only mine"), "choose": ("고르기", "Choose"),
    "choose_all": ("이 쪽 모두 고르기", "Choose all of this page"), "scope": ("어느 청구에", "For which claims"),
    "ticked": ("고른 것", "Those that are ticked"),
    "filtered": ("거른 것 모두, 기한이 가까운 것부터, 많아야", "All that the filters leave, the next deadline first, at most"),
    "bulk": ("고른 것을 한꺼번에", "With those chosen"), "views": ("저장한 보기", "Saved views"),
    "save": ("이 보기 저장", "Save this view"), "delete": ("지우기", "Delete"),
    "view_name": ("보기 이름", "Name of the view"), "unknown_filter": ("모르는 조건입니다", "This filter is not known"),
    "none_chosen": ("고른 청구가 없습니다.", "No claim is chosen."), "payments": ("지급할 것", "To be paid"),
    "make_run": ("지급 회차 만들기", "Make a payment run"), "download": ("목록 내려받기 (CSV)", "Download the list (CSV)"),
    "export": ("이 목록 내보내기 (CSV)", "Export this list (CSV)"),
    "arrived": ("고른 것은 지급됨", "What is chosen was paid"), "failed_all": ("고른 것은 실패", "What is chosen failed"),
    "all_sent": ("아직 가는 중인 모두", "All that are on their way"),
    "none_of_run": (
        "고른 것이 없습니다. 하나씩 고르거나 ‘아직 가는 중인 모두’를 고르세요.",
        "Nothing is chosen. Choose one by one, or all that are on their way."),
    "some_and_all": (
        "하나씩 고른 것도 있고 ‘아직 가는 중인 모두’도 골랐습니다. 둘 가운데 하나만 고르세요.",
        "Some are chosen one by one, and all as well. Choose one of the two."),
    "made": ("만든 때", "Made at"), "on_way": ("가는 중", "On the way"), "items": ("항목", "Items"),
    "payment_run": ("지급 회차", "Payment run"), "runs": ("지급 회차들", "Payment runs"),
    "paid_help": (
        "회차를 만들면 그 돈은 나간 것으로 치고, 결정을 취소할 수 없습니다. 보류된 청구, 중복일 수 있는 청구, 본인이나 "
        "주소·계좌가 같은 사람의 청구는 빠집니다. 나머지 까닭은 표에 있습니다.",
        "Once a run is made its money counts as gone, and the decisions behind it cannot be undone. Claims on hold and "
        "those that may be duplicates are left out, and your own and those of who has your address or account. The table says "
        "why others stay."),
    "hash": ("목록의 해시", "Hash of the list"), "choose_failed": ("실패한 것 고르기", "Choose those that failed"),
    "bulk_title": ("한꺼번에 결정", "Bulk decision"), "begin": ("시작", "Begin"), "drop": ("그만두기", "Drop"),
    "effect": ("무엇이 바뀌나", "What changes"), "claims": ("청구 수", "Claims"),
    "sum": ("새로 주는 금액, 빼기는 회수", "Newly given, with a minus asked back"),
    "todo": ("결정할 것", "To be decided"), "refused": ("하지 않는 것", "Left out"), "code": ("까닭", "Why"),
    "state": ("상태", "State"), "running": ("결정하는 중", "Deciding"), "first_rows": ("청구마다", "Claim by claim"),
    "all_rows": ("모두", "All"), "waits_for": ("사람에게 온 까닭", "Why it is with people"),
    "in_no_list_here": (
        "목록에 없는 것이 있습니다. 승인해도 그것에는 답이 가지 않으니, 호의 보상을 주거나 글로 답하세요.",
        "Something here is in no list. An approval does not answer that: give goodwill for it, or answer in words."),
    "above": ("혼자 결정할 수 있는 금액을 넘으면 두 번째 사람의 확인을 기다립니다.",
        "Above what you may give alone it waits for a second person."),
}  # fmt: skip
EVENTS: dict[str, tuple[str, str]] = {
    "claim_opened": ("청구가 들어옴", "claim opened"), "claim_revised": ("내용이 늘어남", "claim revised"),
    "claim_filed": ("웹에서 신청함", "filed on the web"), "claim_entered": ("담당자가 대신 적음", "entered by staff"),
    "claim_queued": ("심사 차례로", "queued"), "claim_taken": ("맡음", "taken"), "claim_assigned": ("맡김", "assigned"),
    "claim_put_back": ("되돌려 놓음", "put back"), "claim_snoozed": ("미룸", "put off"), "claim_held": ("보류함", "held"),
    "claim_released": ("보류를 풂", "released"), "claim_reopened": ("다시 엶", "opened again"),
    "claim_not_compared": ("비교하지 못함", "not compared"),
    "claim_withdrawn": ("거두어들임", "withdrawn"), "claim_closed": ("끝냄", "closed"),
    "appeal_opened": ("이의를 냄", "appealed"), "appeal_withdrawn": ("이의를 거둠", "appeal withdrawn"),
    "appeal_upheld": ("결정이 그대로 섬", "the decision stands"), "appeal_accepted": ("이의를 받아들임", "appeal accepted"),
    "evidence_requested": ("자료를 요청함", "documents asked for"), "evidence_in": ("자료가 모두 옴", "all documents are in"),
    "evidence_extended": ("자료 보낼 날을 늦춤", "more time for documents"),
    "evidence_overdue": ("자료가 오지 않음", "documents overdue"),
    "evidence_request_withdrawn": ("자료 요청을 거둠", "request withdrawn"), "evidence_reminded": ("자료를 알림", "reminded"),
    "evidence_request_dropped": ("자료 요청이 끝남", "request ended"), "evidence_received": ("자료가 옴", "document came in"),
    "evidence_unasked": ("요청하지 않은 자료가 옴", "a document came that nobody asked for"),
    "evidence_accepted": ("자료를 인정함", "document accepted"), "evidence_seen": ("자료를 봄", "document looked at"),
    "evidence_rejected": ("자료를 인정하지 않음", "document rejected"),
    "evidence_erased": ("자료를 지움", "document erased"), "evidence_sent": ("파일을 보냄", "a file was sent"),
    "payee_set": ("받는 계좌를 적음", "payee entered"), "payee_erased": ("받는 계좌를 지움", "payee erased"),
    "second_look": ("다시 봄", "second look"), "facts_verified": ("사실을 확인함", "fact verified"),
    "loss_withdrawn": ("피해를 거둠", "loss withdrawn"), "loss_put_back": ("거둔 피해를 되살림", "loss put back"),
    "outage_attested": ("장애 사실 확인서를 줌", "outage attested"),
    "claim_sorted": ("분류함", "sorted"), "message_received": ("글을 받음", "message received"),
    "claim_answered": ("답함", "answered"), "claim_approved": ("승인", "approved"), "claim_rejected": ("거절", "rejected"),
    "decision_proposed": ("결정을 제안함", "decision proposed"),
    "proposal_returned": ("제안을 돌려보냄", "proposal returned"), "decision_undone": ("결정을 취소함", "decision undone"),
    "goodwill_given": ("호의 보상을 줌", "goodwill given"),
    "goodwill_given_back": ("호의 보상을 예산에 되돌림", "goodwill given back to the budget"),
    "claim_merged": ("다른 청구에 합침", "merged into another"),
    "claim_received_another": ("다른 청구가 합쳐짐", "another was merged into it"),
    "payment_sent": ("지급을 보냄", "payment sent"), "payment_arrived": ("지급됨", "paid"),
    "payment_failed": ("지급 실패", "payment failed"), "claim_quarantined": ("산정 실패", "could not be assessed"),
}  # fmt: skip
REASONS: dict[str, tuple[str, str]] = {
    "not_automatic": ("사람이 결정하는 정책", "a person decides under this policy"),
    "over_limit": ("규칙의 한도를 넘음", "above the rule's limit"), "sample": ("표본", "drawn as a sample"),
    "paused": ("자동 결정이 멈춤", "automatic decisions are paused"), "alarm": ("묶음의 경보", "alarm of the cohort"),
    "decided_by_person": ("사람이 결정한 것", "a person decided it before"), "unknown": ("모르는 사실", "a fact is missing"),
    "needs_review": ("담당자 확인", "needs review"), "parked": ("공식 구간 없음", "no official window"),
    "nothing_to_assess": ("산정할 것이 없음", "nothing to assess"), "said_more": ("더 말함", "the claimant said more"),
    "claimed_again": ("다시 청구함", "claimed again"), "held": ("보류", "held"), "released": ("보류가 풀림", "released"),
    "put_back": ("차례에 돌려놓음", "put back"), "reopened": ("다시 열림", "opened again"),
    "returned": ("제안이 돌아옴", "the proposal was returned"),
    "undone": ("결정이 취소됨", "the decision was undone"), "appealed": ("이의가 있음", "appealed"),
    "person_review": ("사람의 재검토를 요청함", "a person is asked to look"), "second_look": ("다시 볼 것", "a second look"),
    "evidence_in": ("요청한 자료가 옴", "the documents are in"),
    "evidence_overdue": ("자료가 제때 오지 않음", "documents are overdue"),
    "evidence_unasked": ("요청하지 않은 자료가 옴", "a document came that nobody asked for"),
    "appeal_open": ("이의가 있음", "appealed"), "twin": ("중복일 수 있음", "may be a duplicate"),
    "staff_word": ("직원이 확인하거나 고침", "verified or corrected by staff"),
    "no_loss": ("잃은 것이 확인되지 않음", "no loss"), "outside_outage": ("장애 구간 밖", "outside the outage"),
    "no_evidence": ("자료가 오지 않음", "no evidence"), "evidence_differs": ("자료가 다름", "the evidence differs"),
    "not_the_user": ("이용자가 아님", "not the user"), "duplicate": ("중복", "a duplicate"),
    "compensated_elsewhere": ("다른 곳에서 보상됨", "compensated elsewhere"),
    "not_covered": ("정책에 들지 않음", "not covered"), "too_late": ("기간이 지남", "too late"),
    "false_statement": ("사실과 다름", "a false statement"), "conflict_of_interest": ("자기 청구", "conflict of interest"),
    "four_eyes": ("받는 계좌를 적은 사람", "who entered the payee"),
    "reviewed_by_another": ("다른 사람이 맡음", "in another's hands"),
    "transition_not_allowed": ("지금은 할 수 없음", "not possible now"),
    "assessment_outdated": ("다시 산정됨", "assessed again meanwhile"),
    "amount_changed": ("금액이 달라짐", "the amount has changed"),
    "decided_before": ("관여한 결정에 이의가 있었음", "who had a part in what was appealed"),
    "nothing_to_decide": ("줄 것이 없음", "nothing is owed"), "authority_exceeded": ("한도를 넘음", "above the limit"),
    "one_by_one": ("하나씩 볼 것 (중복일 수 있음, 표본)", "to be looked at one by one (a possible duplicate, a sample)"),
    "in_no_list": ("목록에 없는 것을 적음: 하나씩 읽을 것", "says what is in no list: to be read one by one"),
    "message": ("답을 기다리는 글", "a message waits"), "message_open": ("답을 기다리는 글이 있음", "a message waits"),
    "evidence_not_asked": ("부탁한 자료가 다 왔거나 부탁하지 않음", "nothing that was asked for is missing"),
    "not_decided": ("아직 결정되지 않음", "not decided yet"),
    "kind_not_answered": ("이 틀로 답할 종류가 아님", "not a kind that the template answers"),
    "nothing_to_answer": ("답할 것이 없음", "nothing to answer"),
    "money_at_stake": ("결정할 돈이 있음", "money is to be decided"),
    "version_mismatch": ("그 사이에 바뀜", "changed meanwhile"),
    "failed": ("실패", "failed"),
    "missing_fact": ("모르는 사실", "a fact is missing"),
    "out_of_order": ("순서가 맞지 않는 때", "it is told to be before what comes first"),
    "needs_proof": ("증빙이 필요함", "proof is needed"),
    "proof_before_payment": ("지급 전에 증빙이 필요함", "proof is needed before payment"),
}  # fmt: skip
# Of what is open while nobody has decided, as a reason to reject.
REJECTED: dict[str, tuple[str, str]] = ENGINE_REFUSED | {
    "missing_fact": ("확인되지 않은 사실", "a fact was not established"),
    "needs_proof": ("증빙이 없음", "not proved"),
    "proof_before_payment": ("지급 전에 증빙이 없음", "not proved before payment"),
}  # fmt: skip


def say(key: str) -> str:
    return _picked(WORDS[key])


def readable(text: str | None, *, reads: bool) -> str | None:
    """What people wrote may name them: who sees no personal data is told that there is something."""
    return text if reads or not text else say("not_for_role")


def said_event(kind: str) -> str:
    return _picked(EVENTS.get(kind, (kind, kind)))


def said_reason(code: str, *, rejected: bool = False) -> str:
    """A code of ours with what stands behind its colon. What policies call theirs, `reasons_said` knows."""
    head, _, rest = code.partition(":")
    known = known_reason(head, rejected=rejected) or head
    return f"{known}: {rest}" if rest else known


def known_reason(code: str, *, rejected: bool = False) -> str | None:
    """None: of a policy. `rejected`: as a reason to reject a claim, not to look at it."""
    said = (REJECTED.get(code) if rejected else None) or REASONS.get(code) or ENGINE.get(code)
    return said and _picked(said)


def _picked(said: tuple[str, str]) -> str:
    return said[in_english()]


lazily = lazy(say, str)

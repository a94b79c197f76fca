"""Words of the pages of appeals, each in Korean and English."""

from django.utils.functional import lazy

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "list": ("이의와 사람의 재검토", "Appeals and reviews"), "open": ("열린 것", "Open"),
    "overdue": ("기한이 지난 것", "Overdue"), "mine": ("내가 맡은 청구의 것", "Of claims in my hands"),
    "closed": ("끝난 것", "Closed"), "claim": ("청구", "Claim"), "kind": ("종류", "Kind"), "channel": ("경로", "Channel"),
    "opened": ("낸 때 (한국 시간)", "Opened (Korean time)"), "due": ("답할 기한", "To be answered by"),
    "late": ("지남", "overdue"), "state": ("상태", "State"), "assignee": ("맡은 사람", "In the hands of"),
    "more": ("다음 쪽", "Next page"), "empty": ("해당하는 이의가 없습니다.", "No appeal is like that."),
    "find": ("접수번호로 찾기", "Find by the claim's reference"), "search": ("찾기", "Find"),
    "new": ("이의 적기", "Note an appeal"),
    "new_help": (
        "청구인에게서 들은 그대로 적습니다. 답할 기한은 오늘부터 30일입니다. 청구는 심사 차례로 돌아갑니다.",
        "Note what the claimant told you. It is answered within 30 days of today, and the claim goes back into the queue.",
    ),
    "points": ("무엇이 틀렸나", "What is wrong"),
    "points_help": ("결정이 근거로 삼은 것 가운데 고르거나, 아래에 글로 적으십시오.",
        "Choose from what the decision rests on, or write it below."),
    "words": ("청구인의 말", "In the claimant's words"), "note": ("메모", "Note"),
    "told_note": ("어떻게 들었는지", "How you know"), "reasons": ("까닭", "Reasons"),
    "reasons_help": ("거절이 그대로 설 때, 산정이 새것이면 고르십시오.",
        "Where a rejection stands on a newer assessment, choose."),
    "withdraw": ("거두어들임", "Withdraw"),
    "withdraw_help": ("청구인이 더는 이의가 없다고 했을 때입니다. 되돌릴 수 없지만, 새로 낼 수 있습니다.",
        "The claimant no longer objects. This is not undone, but a new appeal can be opened."),
    "answer": ("답하기", "Answer"), "accept": ("받아들이기", "Accept"), "uphold": ("그대로 두기", "Uphold"),
    "answer_help": ("가장 새 산정으로 답합니다. 그대로 두면 같은 결정이 다시 서고, 받아들이면 새 산정대로 승인합니다.",
        "Answered on the newest assessment. Upheld: the same decision once more. Accepted: what that assessment owes."),
    "compare": ("무엇이 달라지나", "What would change"), "stands_now": ("이의가 있는 결정이 주는 것", "The decision gives"),
    "newest": ("가장 새 산정이 주는 것", "The newest assessment gives"), "state_now": ("산정", "Assessment"),
    "policy": ("정책", "Policy"), "of_loss": ("무엇에", "For"), "outcome": ("결과", "Outcome"), "sum": ("양", "Amount"),
    "no_lines": ("산정한 것이 없습니다.", "Nothing was assessed."),
    "not_mine": ("답하려면 먼저 청구를 맡으십시오. 앞선 결정에 참여한 사람은 맡을 수 없습니다.",
        "To answer it take the claim first. Who had a part in the decision cannot."),
    "reader": ("담당자 또는 승인자 역할이 필요합니다.", "One needs the role caseworker or checker."),
    "nothing_stands": ("유효한 결정이 없어 이의를 낼 수 없습니다.", "No decision stands, so that none can be appealed."),
    "decision": ("이의가 있는 결정", "The decision"), "answered": ("답한 사람", "Answered by"),
    "again": ("같은 근거의 다른 결정", "Other decisions on the same grounds"),
    "again_help": ("이 이의가 옳았으므로, 같은 근거로 결정한 다른 청구를 사람이 다시 볼 수 있습니다.",
        "As this appeal was right, people can look again at what was decided on the same grounds."),
    "preview": ("누구인지 미리 보기", "Preview who"), "moves": ("심사 차례로 갈 청구", "Claims that go into the queue"),
    "left": ("옮기지 않는 청구", "Claims that are left"), "ask": ("다시 보기", "Look again"),
    "ask_help": ("결정은 새로 결정할 때까지 그대로 섭니다. 한 번에 10,000건까지이며 되돌릴 수 없습니다.",
        "What was decided stands until it is decided otherwise. Up to 10,000 at once; this is not undone."),
    "asked": ("심사 차례로 보낸 청구", "Claims that went into the queue"),
    "first": ("처음 100건", "The first 100"), "checker": ("승인자 역할이 필요합니다.", "One needs the role checker."),
    "asked_already": ("이미 다시 보는 것", "looked at again already"), "next_call": ("다음 번에", "next time"),
    "done": ("했습니다.", "Done."), "none": ("없음", "none"), "rule": ("규칙", "a rule"),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)

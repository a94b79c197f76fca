"""What the pages of somebody's own claims say, in Korean and English."""

from __future__ import annotations

from django.utils.functional import lazy

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "find": ("내 청구 보기", "See your claim"),
    "find_help": (
        "접수번호와 청구할 때 적은 전자우편 주소를 적으세요. 둘이 맞으면 그 주소로 확인 번호를 보냅니다.",
        "Give the number of your claim and the e-mail address that you gave with it. If they belong together we send a code "
        "there.",
    ),
    "reference": ("접수번호", "Number of your claim"),
    "reference_help": ("C-1234-5678처럼 생겼습니다.", "It looks like C-1234-5678."),
    "reference_needed": ("접수번호를 적으세요.", "Fill in the number of your claim."),
    "reference_wrong": (
        "접수번호가 아닙니다. C-1234-5678처럼 C 뒤에 영문자나 숫자가 여덟 자리 있습니다.",
        "This is not the number of a claim. Those have eight letters or digits behind a C, as C-1234-5678 has.",
    ),
    "lost_number": ("접수번호를 잊으셨나요?", "Lost the number?"),
    "lost_in_mail": (
        "저희가 보낸 메일에 있습니다. 메일함과 광고 메일함에서 ‘C-’를 찾아보세요.",
        "It stands in our e-mails. Search your mailbox, and the unwanted mail, for “C-”.",
    ),
    "lost_in_account": (
        "계정에 모아 둔 청구는 로그인하면 번호 없이 보입니다.",
        "Claims that you keep in an account are seen there without a number.",
    ),
    "lost_ask": (
        "메일에도 계정에도 없으면 다시 청구하면서, 먼저 청구한 것이 있고 번호를 잊었다고 적으세요. 담당자가 찾아 합칩니다.",
        "If it is in neither, claim once more and write that you have claimed before and lost the number. A member of staff "
        "finds the first claim and joins the two.",
    ),
    "lost_it": (
        "한 시간 동안 쓰지 않아 닫혔습니다. 방금 보낸 것은 받지 못했습니다. 뒤로 가서 적은 것을 복사해 둔 다음, 다시 열고 "
        "보내 주세요.",
        "It was closed after an hour without use, and what you sent just now was not received. Go back and copy what you "
        "wrote, then open the claim again and send it.",
    ),
    "send_code": ("확인 번호 받기", "Send me a code"), "open_claims": ("이 브라우저에서 열린 청구", "Open in this browser"),
    "code": ("확인 번호", "Code"), "code_title": ("확인 번호 적기", "Type in the code"),
    "code_sent": (
        "접수번호와 주소가 맞으면 확인 번호를 보냈습니다. 1분쯤 걸릴 수 있고, 15분 동안 한 번 쓸 수 있습니다. 한 시간에 "
        "여섯 번, 하루에 열두 번까지 보내며 가장 나중 번호만 쓸 수 있습니다. 오지 않으면 광고 메일함을 보고, 접수번호와 "
        "주소를 확인해 다시 받으세요.",
        "If the number and the address belong together, a code is on its way. It may take a minute, and holds for 15 "
        "minutes, once. At most six are sent in an hour and twelve in a day, and only the newest counts. If it does not come, "
        "look among the unwanted mail, check both and ask again.",
    ),
    "code_needed": ("여섯 자리 숫자를 적으세요.", "Fill in the six digits."),
    "code_wrong": (
        "이 번호로는 열 수 없습니다. 숫자를 확인하세요. 다섯 번 틀렸거나 15분이 지났으면 다시 받으세요.",
        "This code opens nothing. Check the digits. After five tries or 15 minutes ask for another.",
    ),
    "open": ("열기", "Open"), "ask_again": ("다시 받기", "Ask for another code"),
    "genuine_help": (
        "저희 메일에는 M-으로, 장애 사실 확인서에는 A-로 시작하는 번호가 있습니다. 적으면 저희 것인지 알려 드립니다. 다른 "
        "것은 묻지 않습니다.",
        "Our e-mails have a number that begins with M-, our proofs of an outage one that begins with A-. Type it in, and you "
        "see whether it is ours. Nothing else is asked.",
    ),
    "mail_number": ("메시지나 확인서의 번호", "Number of the message or proof"),
    "mail_number_needed": ("메시지나 확인서의 번호를 적으세요.", "Fill in the number of the message or proof."),
    "look": ("확인하기", "Check it"),
    "is_genuine": ("저희가 {}에 보낸 메시지입니다.", "We sent this message on {}."),
    "is_not": (
        "저희가 보낸 메시지에도, 발급한 확인서에도 이 번호는 없습니다. 번호를 다시 보고, 그래도 없으면 저희 것이 아니니 "
        "링크를 누르거나 정보를 적지 마세요.",
        "We have sent no message and issued no proof with this number. Check it once more; if it is right, what you have is "
        "not ours: follow no link in it and type nothing in.",
    ),
    "never": (
        "저희 메시지에는 링크가 없고, 개인정보·계좌·확인 번호를 묻지 않습니다. 번호가 맞아도 그런 것을 묻는 메시지는 저희 "
        "것이 아닙니다.",
        "Our messages have no links and never ask for personal data, accounts or codes. One that does is not ours, whatever "
        "its number.",
    ),
    "about_code": ("확인 번호를 보낸 것입니다.", "It brought a code."),
    "about_filed": ("청구를 받았다는 것입니다.", "It said that a claim has come in."),
    "about_decided": ("결정되었다는 것입니다.", "It said that a claim was decided."),
    "about_answered": ("답변이 있다는 것입니다.", "It said that there is an answer."),
    "about_paid": ("지급되었다는 것입니다.", "It said that a claim was paid."),
    "about_unpaid": ("보낸 것이 도착하지 않았다는 것입니다.", "It said that a payment did not arrive."),
    "about_kept": (
        "다른 사람의 계정에서도 청구를 볼 수 있게 되었다는 것입니다.",
        "It said that the claim can be seen from an account with another address.",
    ),
    "about_payee": ("받으실 계좌가 적히거나 바뀌었다는 것입니다.", "It said that where you are paid was entered or changed."),
    "where_paid": ("받으실 계좌", "Where you are paid"), "give_account": ("계좌 적기", "Say where you are paid"),
    "change_account": ("계좌 보기와 바꾸기", "See or change it"),
    "where_given": ("받으시는 곳", "Where you get it"),
    "at_service": (
        "포인트와 이용 기간은 계좌가 아니라 그 서비스의 계정에 드립니다.",
        "Points and days of use go to your account at the service, not to a bank account.",
    ),
    "account_missing": (
        "보낼 계좌만 적어 주시면 됩니다. 적어 주시면 그 계좌로 보냅니다.",
        "Only your account is missing. Tell us where to send it, and it is sent there.",
    ),
    "appealed": ("신청하신 이의를 살펴보고 있습니다.", "What you said against the decision is being looked at."),
    "late": (
        "{day}까지 답해 드려야 했는데 늦어지고 있습니다. 죄송합니다. 되는대로 답합니다.",
        "You were to be answered by {day}, and we are late. We are sorry. You are answered as soon as we can.",
    ),
    "objected": ("이의를 신청하셨습니다.", "You have objected to the decision."),
    "no_account": ("아직 적힌 계좌가 없습니다.", "No account was given yet."),
    "about_documents": ("자료에 관한 것입니다.", "It was about documents."), "status": ("내 청구", "Your claim"),
    "where": ("지금", "Now"), "next_step": ("다음", "Next"), "missing": ("저희가 기다리는 것", "What we wait for"),
    "missing_until": ("{}까지 보내 주세요.", "Please send it by {}."), "decided_what": ("결정", "Decision"),
    "as_it_stands": ("지금까지로 계산하면", "What it comes to as things stand"),
    "not_decided": (
        "아직 결정된 것은 아닙니다. 말씀하신 것과 공식 기록, 정책으로 계산했습니다.",
        "This is not decided yet. It is calculated by what you told us, the official record and the policies.",
    ),
    "is_calculated": (
        "지금 계산하고 있습니다. 끝나면 이 화면이 저절로 바뀝니다.",
        "It is being calculated. This page changes by itself once that is done.",
    ),
    "is_calculated_look_again": (
        "지금 계산하고 있습니다. 잠시 뒤에 이 화면을 다시 여세요.",
        "It is being calculated. Please open this page again in a while.",
    ),
    "no_record_yet": (
        "이 장애의 공식 기록이 아직 없어 계산할 수 없습니다. 기록이 나오면 계산해 여기에 적습니다.",
        "There is no official record of this outage yet, so nothing can be calculated. It will stand here once there is one.",
    ),
    "person_calculates": ("계산을 담당자가 확인하고 있습니다.", "A member of staff is checking the calculation."),
    "not_known_yet": (
        "얼마인지는 아직 말할 수 없습니다. 까닭은 아래에 있습니다.", "How much cannot be said yet; why is below.",
    ),
    "nothing": (
        "지금 게시된 정책으로는 받을 수 있는 것이 없습니다. 까닭은 아래에 있습니다. 그래도 답을 드립니다.",
        "Under the policies that are published now you may expect nothing; why is below. You are answered all the same.",
    ),
    "send_proof": ("확인할 자료 보내기", "Send what proves it"), "fill_in": ("비워 둔 것 적기", "Fill in what you left empty"),
    "files_wait": ("보내신 파일 {}개가 확인을 기다립니다.", "Files of yours that wait to be checked: {}."),
    "letters": ("받은 편지", "Letters"), "no_letters": ("아직 없습니다.", "None so far."),
    "lost": ("쓰지 못한 것", "What you could not use"), "told": ("말씀하신 것", "What you told us"),
    "asked": ("신청한 보상", "What you asked for"), "wrote": ("적어 주신 글", "What you wrote"),
    "history": ("지금까지", "What happened so far"), "can_do": ("할 수 있는 것", "What you can do"),
    "to_status": ("내 청구로 돌아가기", "Back to your claim"),
    "letter_is_ko": ("이 편지는 보낸 그대로 한국어로 되어 있습니다.", "This letter is in Korean, as it was sent."),
    "letter_is_en": ("이 편지는 보낸 그대로 영어로 되어 있습니다.", "This letter is in English, as it was sent."),
    "in_ko": ("한국어", "in Korean"), "in_en": ("영어", "in English"),
    "as_made": ("처음 만든 그대로 보기", "See it exactly as it was made"),
    "send_documents": ("자료 보내기", "Send documents"), "correct": ("고치거나 더하기", "Correct it or add to it"),
    "write": ("글 남기기", "Write to us"), "withdraw": ("청구 거두기", "Withdraw the claim"),
    "disagree": ("결정에 동의하지 않습니다", "I disagree with the decision"),
    "see_appeal": ("신청하신 이의 보기와 거두기", "See what you said against it, or take it back"),
    "proof": ("장애 사실 확인서", "Proof of the outage"),
    "proof_help": (
        "회사나 거래처에 보여 줄 수 있는 문서입니다. 청구에 적은 서비스에 언제 장애가 있었는지 공식 기록대로 적혀 있고, "
        "이름은 없습니다. 받은 쪽은 번호로 진짜인지 알아볼 수 있습니다.",
        "A document that you can show to an employer or a customer. It says when the services of your claim were down, by "
        "the official record, and names nobody. Who is shown it can see by its number whether it is genuine.",
    ),
    "proof_of": ("확인서에 적히는 서비스", "What the proof is about"),
    "proof_not_of": ("확인서를 만들 수 없는 서비스", "No proof is made of"),
    "proof_not_why": (
        "공식 기록에 장애가 없습니다. 나중에 기록되면 그때 만들 수 있습니다. 청구는 그대로 살펴봅니다.",
        "The official record has no outage of them. If one is recorded later, a proof can be made then. Your claim is looked "
        "at all the same.",
    ),
    "proof_record": ("공식 기록 보기", "See the official record"),
    "make_proof": ("확인서 만들기", "Make it"), "record": ("공식 기록 판", "Record version"),
    "is_proof": ("저희가 {}에 발급한 확인서입니다.", "We issued this proof on {}."),
    "see_proof": ("내용 보기", "See what it says"), "leave": ("이 브라우저에서 닫기", "Close it in this browser"),
    "official": ("공식 장애", "official outage"), "no_official": ("공식 구간 없음", "no official outage"),
    "taken_back": ("거둠", "taken back"), "gives": ("받으실 것", "You get"),
    "got": ("받으신 것", "You got"), "left_for_you": ("{}에 {}", "{} {}"),
    "paid_state_due": ("지급을 준비하고 있습니다.", "It is about to be paid."),
    "paid_by_mail": ("지급되면 메일로 알려 드립니다.", "You get an e-mail when it was."),
    "paid_state_failed": (
        "보낸 돈이 도착하지 않았습니다. 아래의 계좌가 맞는지 보아 주세요. 다시 보냅니다.",
        "The money we sent did not arrive. Please see whether the account below is right; it is sent again.",
    ),
    "paid_state_sent": ("지급을 보냈습니다. 도착을 확인하고 있습니다.", "It is on its way."),
    "paid_state_paid": ("지급되었습니다.", "It was paid."),
    "paid_state_recovery": (
        "이미 드린 것 가운데 돌려받아야 할 것이 있습니다. 얼마를 왜 돌려받는지는 편지에 있습니다.",
        "Of what you were given something is to be paid back; the letter says how much, and why.",
    ),
}  # fmt: skip
REFUSED: dict[str, tuple[str, str]] = {
    "no_services": ("청구에 서비스가 없습니다. 먼저 고쳐 주세요.", "The claim names no service. Please correct it first."),
    "no_official_outage": (
        "청구에 적은 서비스는 공식 기록에 장애가 없습니다. 확인서에는 공식 기록에 있는 장애만 적습니다.",
        "The official record has no outage of the services of your claim. A proof says only what the record says.",
    ),
    "no_record": ("이 장애의 공식 기록이 아직 없습니다.", "There is no official record of this outage yet."),
}  # fmt: skip
# By review and decision: where it stands, and what comes next. {day}: until when it is answered.
WHERE: dict[str, tuple[str, str]] = {
    "received": ("청구를 받아 기록과 맞추어 보고 있습니다.", "It has come in and is compared with the record."),
    "queued": ("담당자가 볼 차례를 기다리고 있습니다.", "It waits for a member of staff."),
    "in_review": ("담당자가 보고 있습니다.", "A member of staff is looking at it."),
    "awaiting_claimant": ("보내 주실 자료를 기다리고 있습니다.", "We wait for documents from you."),
    "proposed": (
        "담당자가 살펴보았고, 다른 담당자가 확인하고 있습니다.",
        "A member of staff has looked at it; a second one checks.",
    ),
    "held": ("더 살펴볼 것이 있어 잠시 멈추었습니다.", "It is held while something is looked into."),
    "withdrawn": ("거두어들이셨습니다.", "You have withdrawn it."),
    "merged": (
        "같은 내용의 다른 청구와 합쳤습니다. 그 청구로 답합니다.",
        "It was joined to another claim for the same, which is answered.",
    ),
    "closed": ("더 기다리시는 것이 없습니다.", "Nothing is waiting."), "approved": ("받아들여졌습니다.", "It was accepted."),
    "rejected": (
        "보상해 드릴 것이 없다고 결정되었습니다. 편지에 까닭이 있습니다.",
        "It was decided that no compensation is owed. The letter says why.",
    ),
    "answered": ("답해 드렸습니다.", "It was answered."),
}  # fmt: skip
# Of what was answered and is looked at again: first the decision, and its day, then by review what is done.
ANSWERED: dict[str, tuple[str, str]] = {
    "approved": ("{}에 받아들여졌습니다.", "It was accepted on {}."),
    "rejected": (
        "{}에 보상해 드릴 것이 없다고 결정되었습니다. 편지에 까닭이 있습니다.",
        "It was decided on {} that no compensation is owed. The letter says why.",
    ),
    "answered": ("전에 답해 드렸습니다.", "It was answered before."),
}  # fmt: skip
AGAIN: dict[str, tuple[str, str]] = {
    "received": ("지금 다시 기록과 맞추어 보고 있습니다.", "It is being compared with the record again."),
    "queued": ("담당자가 다시 볼 차례를 기다리고 있습니다.", "Now it waits for a member of staff to look at it again."),
    "in_review": ("지금 담당자가 다시 보고 있습니다.", "Now a member of staff is looking at it again."),
    "awaiting_claimant": (
        "다시 보려고 보내 주실 자료를 기다리고 있습니다.",
        "To look at it again we wait for documents from you.",
    ),
    "proposed": (
        "그 뒤 담당자가 다시 살펴보았고, 다른 담당자가 확인하고 있습니다.",
        "A member of staff has looked at it again since; a second one checks.",
    ),
    "held": ("지금은 더 살펴볼 것이 있어 잠시 멈추었습니다.", "Now it is held while something is looked into."),
}  # fmt: skip
NEXT: dict[str, tuple[str, str]] = {
    "received": ("늦어도 {day}까지 답합니다.", "You are answered by {day} at the latest."),
    "queued": ("늦어도 {day}까지 답합니다.", "You are answered by {day} at the latest."),
    "in_review": ("늦어도 {day}까지 답합니다.", "You are answered by {day} at the latest."),
    "awaiting_claimant": (
        "아래의 자료가 오면 다시 봅니다. 오지 않으면 그날 뒤에 있는 자료로 결정합니다.",
        "It goes on when what is named below is here; if it does not come we decide after that day on what we have.",
    ),
    "proposed": ("늦어도 {day}까지 답합니다.", "You are answered by {day} at the latest."),
    "held": ("다 살펴본 뒤에 답합니다.", "You are answered once that is done."),
    "withdrawn": (
        "다시 원하시면 글을 적거나 고쳐 주세요. 그러면 다시 봅니다.",
        "If you want it again, write to us or correct it; then it is looked at again.",
    ),
    "merged": ("그렇지 않다면 글을 남겨 주세요.", "If that is not so, write to us."),
    "answered": ("더 하실 말씀이 있으면 글을 남겨 주세요.", "If you want to say more, write to us."),
    "closed": ("동의하지 않으시면 이의를 신청하실 수 있습니다.", "If you do not agree you may object."),
}  # fmt: skip
# What claimants are told of events; of the others nothing is theirs to know.
HISTORY: dict[str, tuple[str, str]] = {
    "claim_opened": ("청구가 들어왔습니다", "The claim came in"),
    "claim_entered": ("전화나 우편으로 받은 것을 적었습니다", "What you told us was written down"),
    "claim_revised": ("내용을 더하거나 고치셨습니다", "You added or corrected something"),
    "message_received": ("글을 보내셨습니다", "You wrote to us"), "claim_answered": ("답해 드렸습니다", "We answered"),
    "evidence_requested": ("자료를 부탁드렸습니다", "We asked for documents"),
    "evidence_reminded": ("자료를 다시 알려 드렸습니다", "We reminded you of documents"),
    "evidence_extended": ("자료를 보내실 날을 늦추었습니다", "You got more time for documents"),
    "evidence_received": ("자료를 보내셨습니다", "You sent a document"),
    "evidence_accepted": ("자료를 확인했습니다", "A document was accepted"),
    "evidence_rejected": ("자료로 확인할 수 없었습니다", "A document did not show it"),
    "evidence_overdue": ("자료가 제때 오지 않았습니다", "The documents did not arrive in time"),
    "evidence_request_withdrawn": ("자료가 필요 없게 되었습니다", "The documents are no longer needed"),
    "claim_approved": ("받아들여졌습니다", "It was accepted"),
    "claim_rejected": ("보상해 드릴 것이 없다고 결정되었습니다", "It was decided that nothing is owed"),
    "decision_undone": ("결정이 취소되었습니다", "The decision was undone"),
    "claim_withdrawn": ("거두어들이셨습니다", "You withdrew it"),
    "claim_reopened": ("다시 보게 되었습니다", "It is looked at again"),
    "claim_merged": ("같은 내용의 다른 청구와 합쳤습니다", "It was joined to another claim"),
    "appeal_opened": ("이의를 신청하셨습니다", "You objected"),
    "appeal_withdrawn": ("이의를 거두셨습니다", "You took the objection back"),
    "appeal_upheld": ("다시 보았고, 결정이 그대로입니다", "It was looked at again, and the decision stands"),
    "appeal_accepted": ("다시 보았고, 결정이 바뀌었습니다", "It was looked at again, and the decision was changed"),
    "payment_sent": ("지급을 보냈습니다", "The payment went out"), "payment_arrived": ("지급되었습니다", "It was paid"),
    "payment_failed": ("지급이 되지 않았습니다. 다시 보냅니다", "The payment did not arrive; it is sent again"),
    "facts_verified": ("저희가 사실을 확인했습니다", "We verified a fact"),
    "loss_withdrawn": ("피해 하나를 거두셨습니다", "You took a loss back"),
    "loss_put_back": ("거둔 피해를 되살리셨습니다", "You brought a loss back"),
    "goodwill_given": ("호의 보상을 드렸습니다", "Goodwill was given"),
    "payee_set": ("받으실 계좌를 적으셨습니다", "You told us your account"),
}  # fmt: skip
# Of what both do: how it is told where it was not the claimant.
BY_US: dict[str, tuple[str, str]] = {
    "claim_revised": ("저희가 내용을 더하거나 고쳤습니다", "We added or corrected something"),
    "message_received": ("전하신 말씀을 저희가 적었습니다", "We wrote down what you said"),
    "evidence_received": ("보내신 자료를 저희가 올렸습니다", "We put in a document that you sent us"),
    "claim_withdrawn": ("말씀하신 대로 저희가 청구를 거두었습니다", "We withdrew it, as you told us"),
    "appeal_opened": ("말씀하신 이의를 저희가 적었습니다", "We wrote down that you object"),
    "appeal_withdrawn": ("말씀하신 대로 저희가 이의를 거두었습니다", "We took the objection back, as you told us"),
    "loss_withdrawn": ("저희가 피해 하나를 세지 않기로 했습니다", "We no longer count one of the losses"),
    "loss_put_back": ("저희가 피해 하나를 다시 세기로 했습니다", "We count one of the losses again"),
    "payee_set": ("받으실 계좌를 저희가 적었습니다", "We wrote your account down"),
}  # fmt: skip
# Of a claim, and of what was added to one, that nobody told.
FOUND: dict[str, tuple[str, str]] = {
    "claim_opened": ("기록에서 찾아 청구를 만들었습니다", "We found it in records and made a claim of it"),
    "claim_revised": ("기록에서 찾은 것을 더했습니다", "We added what we found in records"),
}


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)

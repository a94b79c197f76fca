"""What the claimant's pages say, in Korean and English."""

from __future__ import annotations

from django.utils.functional import lazy

from claims.web.my.act_words import REFUSED as REFUSED_TO_ALL
from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "site": ("장애 보상", "Compensation for outages"), "mine": ("내 청구 보기", "See your claim"),
    "genuine": ("메시지 확인", "Check a message"),
    "skip": ("본문으로 건너뛰기", "Skip to the content"), "languages": ("언어", "Language"),
    "outdated_title": ("다시 보내 주세요", "Please send it again"),
    "outdated": (
        "이 화면은 오래되어 보낼 수 없습니다. 다른 창에서 로그인하거나 로그아웃하셨을 수 있습니다. 뒤로 가서 화면을 새로 고친 "
        "다음 다시 보내세요.",
        "This page is too old to be sent; you may have logged in or out in another window. Go back, load it again, and send "
        "it.",
    ),
    "not_read_title": ("읽을 수 없습니다", "This cannot be read"),
    "not_read": (
        "보내신 것을 읽을 수 없어 아무것도 바꾸지 않았습니다. 앞에서 쓰신 것은 그대로 있습니다. 뒤로 가서 화면을 새로 고친 "
        "다음 다시 보내세요.",
        "What was sent cannot be read, and nothing was changed. What you wrote on earlier pages is still there. Go back, load "
        "the page again, and send it.",
    ),
    "not_found_title": ("없는 화면", "No such page"),
    "not_found": (
        "이 주소에는 아무것도 없습니다. 주소를 확인하거나 아래에서 찾으세요.",
        "There is nothing at this address. Check it, or go on from here.",
    ),
    "broken_title": ("오류가 났습니다", "Something broke"),
    "broken": (
        "저희 쪽에서 오류가 났고 기록되었습니다. 이미 보낸 청구는 그대로 있습니다. 잠시 뒤에 다시 하세요.",
        "Something broke on our side, and was recorded. Claims that you have sent are still there. Try again in a moment.",
    ),
    "look_again": ("다시 봐 주세요.", "Please look at this again."),
    "title": ("얼마를 받을 수 있는지 보기", "See what you may expect"),
    "intro": (
        "무엇을 언제 쓰지 못했는지 고르면, 공식 기록과 게시된 보상 정책으로 받을 수 있는 금액과 그 까닭을 보여 드립니다. "
        "이름이나 연락처는 묻지 않습니다. 쓴 것은 청구하기 전에는 이 브라우저를 위해 12시간만 남아 있습니다.",
        "Say what you could not use and when. From the official record and the published policies you see what you may "
        "expect, and why. Nobody asks for your name. Until you claim, what you write is kept for this browser only, for 12 "
        "hours.",
    ),
    "begun": ("쓰다가 멈춘 청구", "You began a claim about"),
    "begun_help": (
        "마지막으로 쓴 때부터 12시간 동안 이 브라우저에서만 이어서 쓸 수 있습니다.",
        "You can go on in this browser only, for 12 hours after you last wrote something.",
    ),
    "go_on": ("이어서 쓰기", "Go on"), "anew": ("지우고 처음부터", "Forget it and begin anew"),
    "which": ("어느 장애인가요?", "Which outage?"), "began": ("시작", "Began"),
    "no_incident": ("공식 기록이 있는 장애가 없습니다.", "There is no outage with an official record."),
    "next": ("계속", "Continue"), "back": ("이전", "Back"), "step": ("{}단계 / {}", "Step {} of {}"),
    "services": ("무엇을 쓰지 못했나요?", "What could you not use?"),
    "services_help": (
        "쓰지 못한 것을 모두 고르세요. 공식 기록에 있는 시간이 옆에 있습니다. 기록에 없는 것도 고를 수 있습니다.",
        "Choose all of them. Beside each is what the official record says. You may also choose what the record does not have.",
    ),
    "no_window": ("공식 장애 시간 없음", "no official outage"), "affected": ("공식 장애", "official outage"),
    "asks_for": ("신청해야 받는 보상", "What is given on request"),
    "asks_for_help": ("원하는 것을 고르세요.", "Choose what you would like."),
    "unlisted": ("목록에 없는 것 (선택)", "Something that is not on the list (optional)"),
    "unlisted_help": (
        "몇 마디로 적으세요. 담당자가 보고 답합니다. 주민등록번호는 적지 마세요.",
        "In a few words. A person looks at it and answers. Please write no resident registration number.",
    ),
    "unlisted_here": ("목록에 없음", "not on the list"),
    "unlisted_answer": ("기록하고, 담당자가 보고 답합니다", "Recorded; a person looks at it and answers"),
    "unlisted_words": ("목록에 없는 것의 이름", "What it is called that is not on the list"),
    "choose_one": ("하나는 고르거나 적으세요.", "Choose at least one, or write what it is."),
    "times": ("언제 쓰지 못했나요?", "When could you not use it?"),
    "times_help": (
        "공식 기록의 시간을 미리 넣었습니다. 실제로 쓰지 못한 시간이 다르면 고치세요. 한국 시간입니다.",
        "The times of the official record are filled in. Change them if yours were others. They are Korean time.",
    ),
    "times_help_none": (
        "공식 기록에 없는 시간이라 직접 적어야 합니다. 한국 시간입니다.",
        "The official record has no time of this, so please fill it in. It is Korean time.",
    ),
    "drawn": ("공식 장애 시간", "Official outage"), "start_at": ("부터", "From"), "end_at": ("까지", "To"),
    "starts": ("시작", "Start"), "ends": ("끝", "End"),
    "still": ("아직 쓰지 못합니다", "I still cannot use it"),
    "more": ("이 서비스의 다른 시간 더하기", "Add another time of this service"), "needed": ("적으세요.", "Fill this in."),
    "ends_before": ("끝이 시작보다 앞섭니다.", "It ends before it begins."),
    "end_or_still": ("끝난 때를 적거나, 아직이라고 고르세요.", "Say when it ended, or that it did not yet."),
    "another_year": (
        "이 장애는 {}년 {}부터였습니다. 날짜가 맞나요? 맞으면 그대로 한 번 더 누르세요.",
        "This outage began in {}, on {}. Is your date right? If so, press the button once more.",
    ),
    "end_and_still": (
        "끝난 때를 적으셨습니다. 아직 못 쓰시면 지우고, 다시 쓰시게 됐으면 칸의 표시를 지워 주세요.",
        "You wrote when it ended. If you still cannot use it, empty this field; if you can use it again, untick the box.",
    ),
    "about": ("보상 정책이 묻는 것", "What the policies ask"),
    "about_help": (
        "아는 것만 적으세요. 비워 두면 그만큼 정확하지 않을 수 있습니다.",
        "Fill in what you know. What is left out makes the answer less exact.",
    ),
    "expected": ("받을 수 있는 것", "What you may expect"),
    "not_known_yet": (
        "얼마인지는 아직 말할 수 없습니다. 까닭은 아래에 있습니다. 앞에서 비워 두신 것이 있으면 지금 적으셔도 되고, 그대로 "
        "청구하셔도 됩니다.",
        "How much cannot be said yet; why is below. If you left something empty you can go back and fill it in, or claim as it "
        "is.",
    ),
    "nothing": (
        "지금 게시된 정책으로는 받을 수 있는 것이 없습니다. 까닭은 아래에 있습니다. 그래도 청구하면 피해는 기록되고 답을 "
        "받습니다.",
        "Under the policies that are published now you may expect nothing; why is below. If you claim all the same, your loss "
        "is recorded and answered.",
    ),
    "on_your_word": (
        "말씀하신 대로라면 이만큼입니다. 아래에 적힌 것이 확인되면 결정됩니다.",
        "This is so if all is as you say. It is decided once what is named below is proved.",
    ),
    "filed_before": (
        "이 브라우저에서 볼 수 있는 청구 가운데 이것과 겹치는 것이 있습니다. 보내시면 청구가 하나 더 생깁니다. 고치거나 "
        "더하시려면 그 청구에서 해 주세요:",
        "A claim that can be seen in this browser has some of this already. Sent now it makes one more claim. To correct or "
        "add something, do so there:",
    ),
    "expected_once_proved": (
        "말씀하신 대로라면 이만큼입니다. 확인된 뒤에 결정됩니다.",
        "This is so if all is as you say. It is decided once that is proved.",
    ),
    "if_confirmed": ("약 {} (확인되면)", "about {} if confirmed"), "you_said": ("말씀하신 시간", "What you said"),
    "why": ("왜 이 금액인가요?", "Why this amount?"), "why_so": ("왜 그런가요?", "Why?"),
    "to_prove": ("확인이 필요한 것", "What has to be proved"),
    "one_of_each": ("정책마다", "Policy by policy"), "no_policy": ("정책 없음", "No policy"),
    "ongoing": ("계속", "still going on"), "claim_it": ("청구하기", "Claim it"),
    "claim_it_help": (
        "다음 쪽에서 이름과 연락처를 적고, 모두 확인한 뒤에 보냅니다. 그때까지 청구는 없습니다.",
        "On the next page you say who you are, then look at all of it and send it. Until then there is no claim.",
    ),
    "you": ("누구이신가요?", "Who are you?"),
    "you_help": (
        "답을 보낼 수 있게 적어 주세요. 주민등록번호는 적지 마세요.",
        "So that we can answer you. Please write no resident registration number.",
    ),
    "name": ("이름", "Name"), "email": ("전자우편 주소", "E-mail address"),
    "email_help": ("접수번호와 소식을 이 주소로 보냅니다.", "The number of your claim and news go to this address."),
    "name_needed": ("이름을 적으세요.", "Fill in your name."),
    "email_needed": ("전자우편 주소를 적으세요.", "Fill in your e-mail address."),
    "email_wrong": ("전자우편 주소를 name@example.org처럼 적으세요.", "Write the e-mail address like name@example.org."),
    "phone": ("전화번호 (선택)", "Telephone (optional)"),
    "phone_wrong": (
        "전화번호를 010-1234-5678처럼 적으세요. 숫자 8~15자리입니다.",
        "Write the telephone number like 010-1234-5678, with 8 to 15 digits.",
    ),
    "message": ("하고 싶은 말 (선택)", "In your own words (optional)"),
    "message_help": ("담당자가 읽고 답합니다.", "Somebody reads it and answers."),
    "resident_number": (
        "주민등록번호처럼 보입니다. 적지 마세요.",
        "This looks like a resident registration number. Please do not write one.",
    ),
    "number_hidden": (
        "주민등록번호처럼 보이는 것을 *로 가렸습니다. 저희는 주민등록번호를 보관하지 않습니다.",
        "What looked like a resident registration number was hidden behind *. We do not keep such numbers.",
    ),
    "longest": (
        "너무 깁니다. %(limit_value)s자까지 적을 수 있는데 %(show_value)s자입니다.",
        "This is too long: it has %(show_value)s characters, and at most %(limit_value)s fit.",
    ),
    "unreadable": (
        "읽을 수 없는 글자가 있습니다. 지우고 다시 적어 주세요.",
        "There are characters that cannot be read. Please take them out.",
    ),
    "check": ("확인하고 보내기", "Look at it and send it"), "your_losses": ("쓰지 못한 것", "What you could not use"),
    "change": ("고치기", "Change"), "consents": ("동의", "Your consent"), "required": ("필수", "required"),
    "optional": ("선택", "optional"),
    "agree_first": ("‘{}’에 동의해야 청구를 받을 수 있습니다.", "Without your consent to “{}” no claim can be taken."),
    "read_text": ("내용 읽기", "Read it"), "send": ("청구 보내기", "Send the claim"),
    "not_filed": ("청구를 보내지 못했습니다. {}", "The claim was not sent. {}"),
    "no_texts": (
        "지금은 웹에서 청구를 받지 않습니다. 전화나 우편으로 보내 주세요.",
        "Claims are not taken on the web at present. Please call or write.",
    ),
    "received": ("청구를 받았습니다", "Your claim has come in"), "your_number": ("접수번호", "Number of your claim"),
    "keep_it": ("이 번호를 적어 두세요. 물어볼 때 필요합니다.", "Please keep this number. You need it to ask about the claim."),
    "to_claim": ("청구 보기", "See the claim"), "what_next": ("이제 어떻게 되나요?", "What happens next?"),
    "next_steps": (
        "기록과 정책에 맞추어 심사하고, 늦어도 {}까지 답합니다.",
        "It is reviewed against the record and the policies, and answered by {} at the latest.",
    ),
    "news_go_to": (
        "접수번호와 소식을 {} 주소로 보냅니다. 그 주소가 맞지 않으면 아래에서 청구를 열어 글을 남겨 주세요.",
        "The number and news go to {}. If that address is wrong, open the claim below and write to us.",
    ),
    "refused": (
        "이대로는 계산할 수 없습니다. 앞으로 돌아가 고쳐 주세요.",
        "This cannot be calculated as it is. Please go back and change it.",
    ),
}  # fmt: skip
REFUSED: dict[str, tuple[str, str]] = {
    **REFUSED_TO_ALL,
    "consent_required": ("지금은 웹에서 청구를 받지 않습니다.", "Claims are not taken on the web at present."),
    "email_format": ("전자우편 주소를 name@example.org처럼 적으세요.", "Write the e-mail address like name@example.org."),
    "consent_outdated": ("동의할 내용이 그사이 바뀌었습니다. 다시 읽어 주세요.",
                         "What you are asked to agree to has changed meanwhile. Please read it again."),
}  # fmt: skip
OUTCOMES: dict[str, tuple[str, str]] = {
    "eligible": ("받을 수 있음", "You may expect this"), "needs_review": ("담당자가 확인할 예정", "A person will check"),
    "unknown": ("더 알아야 함", "More has to be known"), "not_eligible": ("받을 수 없음", "Nothing"),
    "parked": ("기록만 됨", "Recorded, and answered later"),
}  # fmt: skip
# What proves it. Of what a record can prove: before they were asked, and where they did and did not agree that we look there.
BY: dict[str, tuple[str, str]] = {
    "partner": (
        "자료를 보내시거나, 저희가 운영사 기록을 찾아보는 데 동의하시면 됩니다.",
        "You send a document, or agree that we look in the operator's records.",
    ),
    "looked_for": (
        "저희가 운영사 기록에서 찾습니다. 자료를 보내시면 더 빠를 수 있습니다.",
        "We look for it in the operator's records. A document may be quicker.",
    ),
    "not_looked_for": ("자료를 보내 주세요.", "Please send a document."),
    "staff": ("담당자가 확인합니다.", "Our staff check it."),
    "claimant": ("적어 주시거나 자료를 보내 주세요.", "Tell us, or send a document."),  # of what nobody said
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)

"""Words about templates of answers on the staff's pages, each in Korean and English."""

from functools import partial

from django.utils.functional import lazy

from services.admin_pages import told
from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    # templates
    "templates": ("답의 틀", "Templates of answers"),
    "templates_help": ("여러 사람에게 같은 답을 할 때 쓰는 글입니다. 게시한 판은 바뀌지 않고, 고치면 다음 판이 됩니다.",
                       "Texts for answers that many get. A published version never changes; a change is the next version."),
    "reader": ("승인자가 틀을 쓰고 게시합니다.", "Checkers write and publish templates."),
    "new": ("새 틀 쓰기", "Write a template"), "next_version": ("새 판 쓰기", "Write the next version"),
    "code": ("코드", "Code"), "kinds": ("답할 종류", "Kinds of claims"), "title": ("제목", "Title"),
    "newest": ("쓰는 판", "In use"), "versions": ("판", "Versions"), "count": ("판의 수", "How many versions"),
    "at": ("게시한 때 (한국 시간)", "Published (Korean time)"), "by": ("게시한 사람", "Published by"),
    "in_use": ("쓰는 판", "in use"), "former": ("지난 판", "no longer used"), "letter": ("편지", "Letter"),
    "none": ("없습니다.", "None."), "more": ("다음 쪽", "Next page"), "state": ("상태", "State"),
    "example_help": ("접수번호와 날짜는 지어낸 보기입니다.", "The reference and the dates are made up."),
    # the editor
    "code_help": ("영어 소문자로 시작하고 소문자, 숫자, _만 씁니다. 예: how_to_claim. 게시한 뒤에는 바꿀 수 없습니다.",
                  "Small letters, digits and _, a letter first, like how_to_claim. It cannot be changed after publication."),
    "code_wrong": ("영어 소문자로 시작하고 소문자, 숫자, _만, 많아야 60자입니다. 예: how_to_claim",
                   "Small letters, digits and _, a letter first, at most 60: how_to_claim"),
    "kinds_help": ("보상 청구에는 받은 글에만 답합니다. 돈에 대한 결정은 그대로 기다립니다.",
                   "Of a claim for money only the message is answered; it waits on for its decision."),
    "title_ko": ("제목 (한국어)", "Title (Korean)"), "title_en": ("제목 (영어)", "Title (English)"),
    "body_ko": ("본문 (한국어)", "Text (Korean)"), "body_en": ("본문 (영어)", "Text (English)"),
    "body_help": ("빈 줄은 문단을 나눕니다.", "An empty line parts paragraphs."),
    "placeholders": ("비워 둘 수 있는 것", "What may be left open"),
    "placeholders_help": ("중괄호까지 그대로 쓰면 편지마다 채워집니다. 중괄호를 글자로 쓰려면 {{ }}처럼 겹쳐 씁니다.",
                          "Written with their braces they are filled in each letter. Double braces {{ }} are braces."),
    "of_reference": ("접수번호", "the claim's reference"), "of_incident": ("장애의 이름", "the name of the outage"),
    "of_filed_on": ("청구가 들어온 날", "the day the claim was made"), "of_today": ("편지를 쓰는 날", "the day of the letter"),
    "preview": ("미리 보기", "Preview"), "preview_title": ("이렇게 나갑니다", "What is sent"),
    "publish": ("게시", "Publish"), "publish_help": ("게시하면 바로 이 판으로 답합니다.", "Answers use this version at once."),
    "look_again": ("본 뒤에 글이 달라졌습니다. 아래 편지를 다시 보고 게시하세요.",
                   "The text is not the one that was previewed. Look at the letters below, then publish."),
    "moved_on": ("{version}이 그 사이에 게시되었습니다. 쓰신 글은 그대로 있습니다. 아래에서 그 판을 보고 다시 게시하세요.",
                 "{version} was published meanwhile. What you wrote is still here. Look at it below, then publish again."),
    "taken": ("이 코드의 틀이 이미 있습니다. 다른 코드를 쓰거나 그 틀의 새 판을 쓰세요.",
              "There is a template with this code. Choose another code, or write the next version of that one."),
    "that_one": ("그 틀 보기", "Look at that template"),
    "published": ("{version}을 게시했습니다.", "{version} is published."),
    "same": ("쓰는 판과 같은 글이라 새 판을 만들지 않았습니다.", "It says what the version in use says; no new one was made."),
    "ko": ("한국어", "Korean"), "en": ("영어", "English"), "published_title": ("그 사이에 게시된 판", "What was published"),
    # many at once
    "answer": ("답하기", "Answer"), "template": ("답의 틀", "Template"), "choose": ("틀을 고르세요", "Choose a template"),
    "answer_button": ("편지와 받을 사람 미리 보기", "Preview the letter and who gets it"),
    "answer_help": ("아직 보내지 않습니다. 다음 쪽에서 편지를 보고 시작합니다.",
                    "Nothing is sent yet. The next page shows the letter and begins."),
    "no_templates": ("답의 틀이 없습니다.", "There are no templates."),
    "languages": ("보낼 편지의 언어", "Languages of the letters to be sent"),
    "left_out": ("보내지 않는 청구 (처음 100건)", "Claims that are left out (the first 100)"),
    "many_todo": ("보낼 것", "To be sent"), "many_done": ("보낸 것", "Sent"), "many_running": ("보내는 중", "Sending"),
    "many_title": ("한꺼번에 답하기", "Bulk answer"),
    "many_help": ("시작하면 편지가 나갑니다. 나간 편지는 되돌릴 수 없고, 청구는 다시 열 수 있습니다. "
                  "그 사이에 바뀐 청구에는 보내지 않습니다.",
                  "Once begun the letters are sent. They cannot be taken back; a claim can be opened again. Claims that change "
                  "meanwhile are left out."),
    "example_of": ("{reference}에 가는 편지입니다. 접수번호와 날짜는 청구마다 다릅니다.",
                   "The letter to {reference}. Reference and dates differ by claim."),
    "outdated": ("이 틀의 새 판이 그 뒤에 게시되었습니다. 이 회차는 아래에 보이는 판으로 보냅니다.",
                 "A newer version of the template was published since. This run sends the one shown below."),
}  # fmt: skip
REFUSED: dict[str, str] = {
    "placeholder_unknown": "채울 수 없는 것이 중괄호 안에 있습니다. 위 목록에 있는 것만 쓰세요.",
    "invalid_character": "쓸 수 없는 글자가 있거나 중괄호가 닫히지 않았습니다. 제목은 한 줄입니다.",
    "too_long": "글이 너무 깁니다.",
    "required": "비어 있습니다. 쓰세요.",
    "sort_unknown": "모르는 종류입니다.",
    "unknown_template": "답의 틀을 고르세요.",
    "version_moved_on": "이 틀의 새 판이 그 사이에 게시되었습니다. 틀을 다시 고르세요.",
    "out_of_range": "청구를 하나 이상, 많아야 10,000건 고르세요.",
}


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)
said_refusal = partial(told, korean=REFUSED)  # with a sentence of these pages

"""Words of the page on which staff enter a claim for somebody, in Korean and English."""

from django.utils.functional import lazy

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "title": ("청구 대신 적기", "Enter a claim"), "who": ("누구의 청구인지", "Whose claim"),
    "what": ("무엇을 말했는지", "What they said"),
    "preview": ("확인", "Check"), "incident": ("장애", "Incident"), "steps": ("단계", "Steps"),
    "find_person": ("사람 찾기", "Find the person"), "q": ("무엇으로", "By what"), "find": ("찾기", "Find"),
    "q_help": (
        "전화 끝자리 네 개 이상, 이름의 앞이나 뒤, 전자우편의 앞, 접수번호(C-…). 사람으로 찾은 것은 기록됩니다.",
        "Four or more last digits of a telephone, how a name begins or ends, how an address begins, a reference (C-...). "
        "A search for a person is logged.",
    ),
    "found": ("찾은 사람", "People found"), "masked": ("사람은 가린 채 보입니다.", "People are shown masked."),
    "none": ("찾은 사람이 없습니다. 아래에 새 사람으로 적으세요.", "Nobody was found. Enter them below as a new person."),
    "more_people": ("더 있습니다. 더 길게 적으세요.", "There are more. Type in more of it."),
    "has_claim": ("이 장애의 청구가 있음", "has a claim about this incident"),
    "choose": ("고른 사람으로 계속", "Continue with this person"),
    "choose_first": ("찾은 사람 가운데 하나를 고르세요.", "Choose one of the people found."),
    "new_person": ("새 사람", "New person"), "name": ("이름", "Name"), "phone": ("전화", "Phone"),
    "email": ("전자우편", "E-mail"),
    "reached_help": ("전화와 전자우편 가운데 하나는 적으세요.", "Give a telephone or an e-mail address at least."),
    "locale": ("편지의 언어", "Language of letters"),
    "another": ("연락처가 같은 다른 사람입니다", "Another person with the same telephone or address"),
    "new": ("새 사람으로 계속", "Continue with a new person"), "needed": ("적으세요.", "Fill this in."),
    "channel": ("들어온 길", "Channel"), "received_at": ("받은 때 (한국 시각)", "Received at (Korean time)"),
    "received_help": (
        "우리에게 닿은 때입니다. 낸 때와 답할 기한을 여기서부터 셉니다.",
        "When it reached us. Filed then, and the days to answer count from it.",
    ),
    "losses": ("잃은 서비스", "Services lost"), "loss": ("피해", "Loss"),
    "window": ("공식 구간에서", "From an official window"),
    "window_help": (
        "고르면 아래의 빈 칸을 그 구간으로 채웁니다. 말한 시간이 다르면 적으세요.",
        "Fills what is empty below by that window. Type in the times if they said others.",
    ),
    "no_record": ("이 장애는 아직 공식 기록이 없습니다.", "This incident has no official record yet."),
    "words": ("목록에 없는 것의 이름", "What it is called"),
    "words_help": ("서비스를 ‘목록에 없는 것’으로 골랐을 때, 그때만 적습니다.",
                   "Of something that is not on the list, and only of that."),
    "service": ("서비스", "Service"), "start_at": ("언제부터", "From"), "end_at": ("언제까지", "Until"),
    "end_help": ("비우면 아직 계속됩니다.", "Empty: still going on."),
    "ends_before": ("끝이 시작보다 뒤여야 합니다.", "The end must be later."),
    "other_service": ("고른 구간은 다른 서비스의 것입니다.", "The window chosen is of another service."),
    "goes_on": ("아직 계속됨", "still going on"), "official": ("공식 구간 안", "In official windows"),
    "not_official": ("공식 기록에 없음", "not in the official record"),
    "facts": ("정책이 묻는 것", "What the policies ask"),
    "facts_loss": ("이 피해에 대해 정책이 묻는 것", "What the policies ask of this loss"),
    "facts_help": ("아는 것만 적으세요. 청구인의 말로 남습니다.", "Fill in what is known. It is kept as the claimant's word."),
    "asks_for": ("달라고 한 보상", "Compensation they asked for by name"),
    "message": ("한 말 (청구인의 말 그대로)", "What they said, in their words"), "more_rows": ("피해 줄 더하기", "More losses"),
    "nothing": (
        "피해, 사실, 달라는 보상, 한 말 가운데 하나는 적으세요.",
        "Fill in a loss, a fact, compensation that is asked for, or what they said.",
    ),
    "check": ("확인하기", "Check it"), "back_who": ("사람 고치기", "Change the person"), "back_what": ("고치기", "Change it"),
    "enter": ("이대로 적기", "Enter it"), "recorded": ("이렇게 적힙니다", "This will be recorded"),
    "person": ("사람", "Person"),
    "new_one": ("새로 만듭니다", "will be made"), "due": ("답할 기한", "Answered by"),
    "opens": ("새 청구가 만들어집니다.", "A new claim will be opened."),
    "revises": ("이 장애의 청구가 이미 있어 거기에 더해집니다:", "They have a claim about this incident; this is added to it:"),
    "no_news": (
        "그 청구에 이미 있는 것뿐입니다. 연락이 온 것만 적힙니다.",
        "It says this already. Only that they reached us is recorded.",
    ),
    "read_out": (
        "접수번호 {reference} · {due}까지 답합니다. 번호를 읽어 주세요.",
        "Claim {reference}, answered by {due}. Read the number out.",
    ),
    "revised": ("이미 있던 청구에 더했습니다.", "Added to the claim that they had."),
    "same": ("새로 더한 것이 없습니다. 연락이 온 것은 적었습니다.", "Nothing was new. That they reached us is recorded."),
    "entered_for": ("어떻게 들어왔나", "How it came in"), "themselves": ("본인", "themselves"),
    "search_again": ("다시 찾을 수 있습니다.", "You can search again."),
}  # fmt: skip
# Of refusals that the form does not see itself, in Korean; in English they say it in their own message.
REFUSED: dict[str, str] = {
    "received_in_future": "받은 때가 지금보다 뒤입니다.",
    "received_before_incident": "받은 때가 장애가 시작하기 전입니다.",
    "person_known": "같은 전화나 전자우편의 사람이 이미 있습니다. 찾아서 고르거나, 다른 사람이면 아래에 표시하세요.",
    "conflict_of_interest": "본인의 청구이거나 같은 전자우편의 사람입니다. 다른 담당자가 적습니다.",
    "key_used": "이 양식은 다른 내용으로 이미 보냈습니다. 새로 시작하세요.",
    "too_long": "너무 깁니다.",
    "invalid_character": "쓸 수 없는 글자가 있습니다.",
    "search_too_short": "더 길게 적으세요: 전화는 끝자리 네 개, 다른 것은 두 글자 이상.",
}


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)

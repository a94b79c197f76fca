"""What the page says on which claimants say where they are paid, in Korean and English."""

from __future__ import annotations

from django.utils.functional import lazy

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "where_paid": ("받으실 계좌", "Where you are paid"),
    "stands": ("지금 적힌 계좌", "The account now"),
    "stands_since": ("{}에 적혔습니다.", "Given on {}."),
    "none_stands": ("아직 적힌 계좌가 없습니다.", "No account was given yet."),
    "none_needed": (
        "지금으로서는 이 청구로 계좌에 보내 드릴 돈이 없어 계좌를 여쭙지 않습니다.",
        "As things stand no money is sent to an account for this claim, so none is asked for.",
    ),
    "held": (
        "바꾼 계좌로는 {}부터 보냅니다. 몰래 바뀐 것이라면 그 전에 알려 주실 수 있게 하기 위해서입니다.",
        "Nothing is sent to the changed account before {}. If somebody else changed it, there is time to tell us.",
    ),
    "on_its_way": (
        "{}: 이미 보냈고 {} 계좌로 갑니다. 계좌를 바꾸면 그다음에 보내는 것부터 새 계좌로 갑니다.",
        "{} is on its way to {}. A new account counts for what is sent after that.",
    ),
    "first_code": ("먼저 확인 번호를 적어 주세요", "A code first"),
    "first_code_help": (
        "열어 둔 화면에서 다른 사람이 계좌를 적거나 바꾸지 못하게 하기 위해서입니다. 청구할 때 적은 전자우편 주소로 보냅니다.",
        "So that nobody else gives an account on a page that was left open. We send it to the e-mail address of the claim.",
    ),
    "ask_code": ("확인 번호 받기", "Send me a code"),
    "no_mailbox": (
        "전자우편 주소가 없어 여기에서는 적을 수 없습니다. 글을 남겨 주시면 담당자가 확인하고 적습니다.",
        "It cannot be done here, because we have no e-mail address of yours. Write to us, and somebody enters it with you.",
    ),
    "bank": ("은행", "Bank"), "bank_choose": ("은행을 고르세요", "Choose your bank"),
    "bank_needed": ("은행을 고르세요.", "Choose the bank."),
    "number": ("계좌번호", "Account number"),
    "number_help": ("숫자 6~16자리입니다. 줄표(-)는 있어도 되고 없어도 됩니다.", "6 to 16 digits, with hyphens or without."),
    "number_needed": ("계좌번호를 적으세요.", "Fill in the account number."),
    "number_resident": (
        "주민등록번호처럼 보입니다. 주민등록번호는 받지 않습니다. 계좌번호라면 통장에 있는 대로 줄표를 넣어 적어 주세요.",
        "This looks like a resident registration number, which we do not take. If it is the account, write it with the hyphens "
        "of your bank.",
    ),
    "number_long": ("계좌번호가 너무 깁니다.", "The account number is too long."),
    "holder": ("예금주", "Name on the account"),
    "holder_help": ("통장에 적힌 이름 그대로 적으세요.", "As it is written on the account."),
    "holder_needed": ("예금주의 이름을 적으세요.", "Fill in the name on the account."),
    "holder_long": ("이름이 너무 깁니다.", "The name is too long."),
    "look_account": ("확인하기", "Check it"),
    "check_account": ("맞는지 확인해 주세요", "Please check it"),
    "another": (
        "예금주가 청구에 적힌 이름과 다릅니다. 맞게 적으셨는지 다시 봐 주세요. 담당자가 여쭤볼 수 있습니다.",
        "The account is in another name than the claim. Please look once more whether it is right; we may ask you about it.",
    ),
    "then_account": ("보내시면", "When you send it"),
    "then_paid": ("이 청구로 받으실 돈을 이 계좌로 보냅니다.", "What you get for this claim is sent to this account."),
    "then_mail": ("적혔다는 것을 전자우편으로 바로 알려 드립니다.", "We tell you at once by e-mail that it was given."),
    "then_held": (
        "이미 적힌 계좌를 다른 계좌로 바꾸시면 이틀 뒤부터 새 계좌로 보냅니다.",
        "If it takes the place of another account, nothing is sent to it for two days.",
    ),
    "pay_there": ("이 계좌로 받기", "Pay me there"), "change_account": ("고치기", "Change it"),
    "given": ("계좌를 받았습니다", "We have got your account"),
    "given_1": ("{} 계좌로 보냅니다.", "You are paid to {}."),
    "given_2": (
        "전자우편으로 알려 드립니다. 하지 않으신 일을 알리는 메일을 받으면 바로 글을 남겨 주세요.",
        "A mail tells you of it. If you ever get one of a change that was not yours, write to us at once.",
    ),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)

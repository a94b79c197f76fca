"""Personal data as lists show it: enough to tell two people apart, not enough to name one."""


def masked_name(name: str) -> str:
    """홍길동 -> 홍*동, Lee -> L*e, 이호 -> 이*: the first and, of three or more, the last character stay."""
    if len(name) < 3:
        return name[:1] + "*" * len(name[1:])
    return name[0] + "*" * (len(name) - 2) + name[-1]


def masked_phone(phone: str) -> str:
    """Only the last four digits stay: 010-1234-5678 -> *********5678. A shorter one is hidden whole."""
    return "*" * len(phone) if len(phone) < 8 else "*" * (len(phone) - 4) + phone[-4:]


def masked_email(address: str) -> str:
    """The first character and the domain stay: hong@example.org -> h***@example.org."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}***{at}{domain}" if at else ""


def masked_account(account: str) -> str:
    """Only the last four digits stay: 110123455678 -> ****5678, whatever its length. One of less than eight is hidden whole."""
    return "****" + (account[-4:] if len(account) >= 8 else "")

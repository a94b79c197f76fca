"""The common codes of financial institutions in Korea at which people hold accounts: three digits, in Korean and in English.

Houses of securities are left out: their accounts are paid through a bank's number.
"""

from services.language import in_english

BANKS: dict[str, tuple[str, str]] = {
    "004": ("KB국민은행", "KB Kookmin Bank"), "088": ("신한은행", "Shinhan Bank"), "020": ("우리은행", "Woori Bank"),
    "081": ("하나은행", "Hana Bank"), "011": ("NH농협은행", "NH NongHyup Bank"), "003": ("IBK기업은행", "IBK"),
    "090": ("카카오뱅크", "KakaoBank"), "089": ("케이뱅크", "K bank"), "092": ("토스뱅크", "Toss Bank"),
    "071": ("우체국", "Korea Post"), "045": ("새마을금고", "Korean Federation of Community Credit Cooperatives"),
    "048": ("신협", "Credit Unions"), "012": ("지역농·축협", "Local NongHyup"), "007": ("수협은행", "Suhyup Bank"),
    "023": ("SC제일은행", "SC First Bank"), "027": ("한국씨티은행", "Citibank Korea"), "002": ("KDB산업은행", "KDB"),
    "031": ("iM뱅크 (대구)", "iM Bank (Daegu)"), "032": ("부산은행", "Busan Bank"), "034": ("광주은행", "Kwangju Bank"),
    "035": ("제주은행", "Jeju Bank"), "037": ("전북은행", "Jeonbuk Bank"), "039": ("경남은행", "Kyongnam Bank"),
    "050": ("저축은행", "Savings banks"), "064": ("산림조합", "National Forestry Cooperative"),
}  # fmt: skip


def bank_name(code: str) -> str:
    """In the active language; the code itself of one that is no longer listed."""
    return BANKS.get(code, (code, code))[in_english()]


def name_and_code(code: str) -> str:
    return f"{bank_name(code)} ({code})"

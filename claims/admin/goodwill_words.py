"""Words about goodwill on the staff's pages, each in Korean and English."""

from django.utils.functional import lazy

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "goodwill": ("호의 보상", "Goodwill"), "budgets": ("호의 보상 예산", "Goodwill budgets"),
    "amount": ("호의 보상 금액 (최소 단위)", "Goodwill amount (minor units)"),
    "reason": ("호의 보상의 까닭", "Reason for goodwill"),
    "left": ("예산에 남은 것: {left}. 비워 두면 주지 않습니다.", "Left in the budget: {left}. Leave it empty to give none."),
    "incomplete": ("호의 보상에는 금액과 까닭과 메모가 모두 있어야 합니다.",
                   "Goodwill needs an amount, a reason and a note."),
    "offered": ("제안한 호의 보상", "Goodwill offered"), "undone": ("취소되어 예산에 되돌림", "undone, back in the budget"),
    "set": ("예산 정하기", "Set a budget"), "incident": ("장애", "Incident"), "currency": ("통화", "Currency"),
    "currency_help": ("대문자 셋, 예: KRW", "Three capital letters, like KRW"),
    "budget": ("예산 (최소 단위)", "Budget (minor units)"),
    "budget_help": ("이미 준 것을 포함한 전체 금액입니다. 이미 준 것보다 적게 정할 수 없습니다.",
                    "The whole amount, with what is given already; it cannot be set below that."),
    "whole": ("예산", "Budget"), "spent": ("준 것", "Given"), "rest": ("남은 것", "Left"),
    "given": ("누구에게 무엇을 주었나", "What was given"), "at": ("때 (한국 시간)", "At (Korean time)"),
    "claim": ("청구", "Claim"), "by": ("누가", "By"), "second": ("두 번째 사람", "Second person"), "why": ("까닭", "Why"),
    "sum": ("금액", "Amount"), "state": ("상태", "State"), "counts": ("유효", "counts"),
    "none": ("아직 없습니다.", "Nothing yet."), "more": ("다음 쪽", "Next page"), "done": ("정했습니다.", "The budget is set."),
    "finance_only": ("예산은 재무 담당자가 정합니다.", "Finance sets the budget."),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)

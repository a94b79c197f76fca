"""Why a line says what it says: the reasons that the engine gives, and those of a pack, in Korean and English."""

from __future__ import annotations

from .pack import Pack

REASONS = {
    "no_official_window": (
        "이 서비스에는 아직 공식 장애 구간이 없어 보류합니다.",
        "There is no official outage window of this service yet, so it is parked.",
    ),
    "citizen_report_only": ("이용자 제보만 있습니다.", "Only citizens reported it."),
    "outside_official_windows": ("공식 장애 구간 밖의 시간입니다.", "The time lies outside every official window."),
    "window_not_counted": (
        "이 정책이 세지 않는 장애 구간이나 시간에만 걸립니다.",
        "It lies only in windows or hours that this policy does not count.",
    ),
    "planned_maintenance": (
        "이 정책이 세지 않는 계획된 점검 시간입니다.",
        "The time lies in planned maintenance that this policy does not count.",
    ),
    "partly_outside_official_windows": (
        "일부 시간은 공식 장애 구간 밖입니다.",
        "Part of the time lies outside the official windows.",
    ),
    "partly_in_window_not_counted": (
        "일부 시간은 이 정책이 세지 않는 구간이나 시간입니다.",
        "Part of the time lies in windows or hours that this policy does not count.",
    ),
    "partly_in_planned_maintenance": (
        "일부 시간은 이 정책이 세지 않는 계획된 점검 시간입니다.",
        "Part of the time lies in planned maintenance that this policy does not count.",
    ),
    "no_policy_pays": (
        "이 피해를 보상하는 정책이 없습니다. 피해는 기록되었습니다.",
        "No policy pays for this loss. The loss is recorded.",
    ),
    "function_not_named": ("어떤 기능을 쓰지 못했는지 알려 주세요.", "Please name the function of the service that was lost."),
    "nothing_owed": ("계산한 금액이 0입니다.", "The amount comes to nothing."),
    "below_minimum": ("최소 지급액에 미치지 못해 지급하지 않습니다.", "It is below the smallest amount that is paid."),
    "carried_forward": (
        "최소 지급액에 미치지 못해 다음 건과 합산할 때까지 보관합니다.",
        "It is below the smallest amount that is paid, and kept until it can be paid together with others.",
    ),
    "figure_not_known": (
        "그 날짜에 적용되는 수치가 알려지지 않아 담당자가 확인합니다.",
        "The figure in force on that day is not known, so a caseworker decides.",
    ),
    "loss_not_confirmed": (
        "손실이 시작하거나 끝난 때로 금액이 정해지는데 일부가 공식 장애 구간 밖이라 담당자가 확인합니다.",
        "The amount goes by when the loss began or ended, and part of it lies outside the official windows, "
        "so a caseworker decides.",
    ),
    "amount_too_large": ("금액이 너무 커서 담당자가 확인합니다.", "The amount is too large, so a caseworker decides."),
    "amount_unknown": (
        "금액을 정하는 시각이나 값이 없어 아직 알 수 없습니다.",
        "A time or value that the amount goes by is not there, so it is not known.",
    ),
    "limit_unknown": ("합계 상한을 아직 알 수 없습니다.", "What may be given in all is not known yet."),
    "outside_calendar": (
        "근무일 달력의 범위를 벗어나 담당자가 확인합니다.",
        "It lies outside the calendar of working days, so a caseworker decides.",
    ),
    "no_extent": ("장애 전체 기간이 아직 기록되지 않았습니다.", "Start and end of the whole incident are not on record yet."),
    "divisor_not_positive": (
        "나누는 수가 0 이하라 담당자가 확인합니다.",
        "It would be divided by 0 or less, so a caseworker decides.",
    ),
    "too_many_pieces": ("구간이 너무 많아 담당자가 확인합니다.", "There are too many pieces, so a caseworker decides."),
}
# The same where people refused the claim: what is open while nobody has decided is no reason then, and nobody looks any more.
REFUSED = {
    "no_official_window": (
        "공식 기록에 이 서비스의 장애가 없습니다.",
        "The official record has no outage of this service.",
    ),
    "citizen_report_only": (
        "이용자 제보만 있고 공식 기록이 없습니다.",
        "Only citizens reported it; it is not on the official record.",
    ),
    "function_not_named": (
        "어떤 기능을 쓰지 못했는지 확인되지 않았습니다.",
        "It was not established which function of the service was lost.",
    ),
    "figure_not_known": (
        "그 날짜에 적용되는 수치가 알려지지 않았습니다.",
        "The figure in force on that day is not known.",
    ),
    "loss_not_confirmed": (
        "손실이 시작하거나 끝난 때로 금액이 정해지는데 일부가 공식 장애 구간 밖입니다.",
        "The amount goes by when the loss began or ended, and part of it lies outside the official windows.",
    ),
    "amount_too_large": ("계산한 금액이 너무 큽니다.", "The amount that was calculated is too large."),
    "amount_unknown": (
        "금액을 정하는 시각이나 값이 확인되지 않았습니다.",
        "A time or value that the amount goes by was not established.",
    ),
    "limit_unknown": ("합계 상한이 확인되지 않았습니다.", "What may be given in all was not established."),
    "outside_calendar": ("근무일 달력의 범위를 벗어납니다.", "It lies outside the calendar of working days."),
    "no_extent": ("장애 전체 기간이 기록되어 있지 않습니다.", "Start and end of the whole incident are not on record."),
    "divisor_not_positive": ("나누는 수가 0 이하입니다.", "It would be divided by 0 or less."),
    "too_many_pieces": ("구간이 너무 많습니다.", "There are too many pieces."),
}
OF_A_FACT = {  # before a colon and the fact
    "missing_fact": ("필요한 사실이 없습니다: {}", "A fact is missing: {}"),
    "out_of_order": ("순서가 맞지 않는 때입니다: {}", "It is told to be before what comes first: {}"),
    "needs_proof": ("증빙이 필요합니다: {}", "Proof is needed of: {}"),
    "proof_before_payment": ("지급 전에 증빙이 필요합니다: {}", "Proof is needed before payment: {}"),
}
NOT_PROVED = ("증빙으로 확인되지 않았습니다: {}", "It was not proved: {}")
REFUSED_OF_A_FACT = OF_A_FACT | {
    "missing_fact": ("필요한 사실이 확인되지 않았습니다: {}", "A fact was not established: {}"),
    "needs_proof": NOT_PROVED,
    "proof_before_payment": NOT_PROVED,
}


def said_reason(code: str, pack: Pack | None, pick: int, *, refused: bool = False) -> str:
    """In one language (0 Korean, 1 English). `refused`: nothing is given, by a decision."""
    base, _, fact = code.partition(":")
    if fact and pack is not None:
        words = REFUSED_OF_A_FACT if refused else OF_A_FACT
        return words[base][pick].format(pack.body.facts[fact].label.said(pick))
    if pack is not None and code in pack.body.reasons:
        return pack.body.reasons[code].said(pick)
    words_of_ours = REASONS | REFUSED if refused else REASONS
    return words_of_ours[code][pick]

"""What codes of lines, windows, facts and remedies are called, in Korean and English."""

from __future__ import annotations

OUTCOMES = {
    "eligible": ("보상", "eligible"), "not_eligible": ("대상 아님", "not eligible"), "unknown": ("사실 부족", "unknown"),
    "needs_review": ("담당자 확인", "needs review"), "parked": ("보류", "parked"),
}  # fmt: skip
KINDS = {
    "counted": ("인정", "counted"), "already_counted": ("이미 센 시간", "already counted"),
    "not_counted": ("세지 않는 구간", "window not counted"), "outside": ("구간 밖", "outside"),
}  # fmt: skip
SEVERITIES = {
    "full": ("완전 장애", "full"), "partial": ("부분 장애", "partial"), "intermittent": ("간헐 장애", "intermittent"),
}  # fmt: skip
PROVENANCES = {
    "claimant": ("청구인 진술", "the claimant's word"), "partner": ("제휴사 기록", "a partner's record"),
    "staff": ("담당자 확인", "verified by staff"),
}  # fmt: skip
OWN_RECORD = ("이 서비스의 기록", "this service's record")  # of what is known of a claim itself
INSTRUMENTS: dict[str, tuple[str, str]] = {
    "cash": ("현금", "cash"), "credit": ("요금 차감", "credit"), "points": ("포인트", "points"), "days": ("기간 연장", "days"),
    "hours": ("시간 연장", "time"), "data": ("데이터", "data"), "coupon": ("쿠폰", "coupon"), "waiver": ("면제", "waiver"),
    "item": ("물품·이용권", "item"),
}  # fmt: skip
ROUNDING = {
    "half_up": ("반올림", "rounded half up"), "half_even": ("짝수 반올림", "rounded half even"),
    "half_down": ("오사육입", "rounded half down"), "down": ("버림", "rounded down"), "up": ("올림", "rounded up"),
}  # fmt: skip
ZONES = {"Asia/Seoul": ("한국 시각", "Korean time")}

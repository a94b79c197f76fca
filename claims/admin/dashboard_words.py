"""Words of the dashboard, of exports and of the check of the log, each in Korean and English."""

from __future__ import annotations

from django.utils.functional import lazy

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "dashboard": ("현황판", "Dashboard"), "incident": ("장애", "Incident"), "from": ("이날부터", "From"),
    "until": ("이날까지", "Until"), "unit": ("단위", "Unit"), "show": ("보기", "Show"),
    "span_help": ("한국 날짜, 그날까지 포함. 비워 두면 있는 것 모두.", "Days in Korea, inclusive. Empty: all there is."),
    "bad_span": ("끝이 시작보다 빠릅니다.", "The end comes before the start."), "table": ("표로 보기", "As a table"),
    "svg": ("그림 내려받기 (SVG)", "Download the chart (SVG)"), "csv": ("숫자 내려받기 (CSV)", "Download the figures (CSV)"),
    "none": ("이 기간에는 아무것도 없습니다.", "There is nothing in this span."),
    "waits": ("아직 집계하지 않은 것이 있습니다. 몇 초 뒤에 다시 보세요.",
        "Something is not counted yet. Look again in a few seconds."),
    "cut": ("너무 길어 앞부분만 그렸습니다. 기간을 좁히거나 CSV를 받으세요.",
        "Too long to draw: only the beginning is shown. Choose a shorter span, or take the CSV."),
    "no_incident": ("장애가 없습니다.", "There is no incident."),
    # charts: title, and what it shows
    "intake": ("시간별 접수", "Claims by the hour"),
    "intake_desc": ("막대: 한 시간에 들어온 청구의 수, 한국 시간.", "Bars: claims that came in within an hour, Korean time."),
    "drawn_hours": ("그린 때: {} ~ {}. 그 밖의 시간에 들어온 청구: {}. 다른 때는 위에서 날짜로 고릅니다.",
        "Drawn: {} ~ {}. Claims that came in other hours: {}. Choose days above to see them."),
    "rate_2022": ("점선: 첫 접수일부터 같은 날까지 2022년. 시간별 수는 알려지지 않아, 알려진 두 수 사이를 "
        "시간마다 고르게 나누었습니다.",
        "Dashed: 2022, on the same day since the first claim. By the hour nothing is known, so the two known sums are spread "
        "evenly over their hours."),
    "drawn_days": ("접수를 그릴 날", "Days of intake to draw"),
    "days_of_2022": ("2022년처럼 첫 19일", "The first 19, as in 2022"), "all_days": ("모두", "All"),
    "came_later": ("{}일 뒤에 들어온 청구: {}.", "Claims that came after {} days: {}."),
    "last_days": ("마지막 {}일만 그렸습니다.", "Only the last {} days are drawn."),
    "curve": ("누적 접수와 2022년", "Claims in all, against 2022"),
    "curve_desc": ("선: 첫 접수일부터 하루가 끝날 때마다 쌓인 청구. 점: 2022년에 알려진 두 수. 그 사이는 알려지지 않았습니다.",
        "Line: claims in all at the end of each day since the first. Points: the two sums known of 2022. Between them "
        "nothing is known."),
    "log_scale": ("세로축은 자릿수로 커집니다 (로그).", "The axis grows by powers of ten (logarithmic)."),
    "backlog": ("남은 청구와 나이", "Backlog and age"),
    "backlog_desc": ("아직 답하지 않은 청구를 접수 뒤 근무일로 나눕니다. 빗금: 우리의 목표인 "
        "근무일 10일이 지난 것. 기간과 상관없이 지금.",
        "Claims that wait for an answer, by working days since they came in. Hatched: past our own aim of ten working "
        "days. As of now, whatever the span."),
    "own_deadline": ("심사 차례 중 청구마다의 기한이 지난 것", "Of the queue, past the claim's own deadline"),
    "money": ("날짜별 승인과 지급", "Approved and paid by day"),
    "money_desc": ("막대: 그날 승인된 것 (왼쪽)과 지급된 것 (오른쪽, 빗금). 선: 승인되고 아직 지급되지 않은 합계.",
        "Bars: newly approved (left) and paid (right, hatched) on the day. Line: approved and not paid yet, in all."),
    "policies": ("정책별 승인과 지급", "Approved and paid by policy"),
    "policies_desc": ("위 막대: 승인된 것. 아래 막대 (빗금): 지급된 것. 차이가 아직 지급되지 않은 것입니다.",
        "Upper bar: approved. Lower bar (hatched): paid. The difference is not paid yet."),
    "refused": ("거절의 까닭", "Refusals by reason"),
    "refused_desc": ("취소하지 않은 거절 결정. 하나에 까닭이 여럿일 수 있습니다.",
        "Rejections that were not undone. One may have several reasons."),
    "impact": ("피해 지도: 서비스와 시간", "Impact map: service and hour"),
    "impact_desc": ("그 시간에 그 서비스를 쓰지 못했다고 한 청구. 칸이 짙을수록 많습니다. 장애 하루 전부터 14일까지.",
        "Claims that speak of a loss of the service in that hour. The fuller the cell, the more. From a day before the "
        "incident to fourteen days after."),
    # columns
    "hour": ("시각 (한국 시간)", "Hour (Korean time)"), "claims": ("청구", "Claims"), "day": ("날짜", "Day"),
    "day_number": ("며칠째", "Day no."), "in_2022": ("2022년", "In 2022"), "age": ("근무일", "Working days"),
    "overdue": ("목표 지남", "Past the aim"), "yes": ("예", "yes"), "no": ("아니오", "no"), "approved": ("승인", "Approved"),
    "paid": ("지급", "Paid"), "unpaid": ("승인, 미지급", "Approved, not paid"), "policy": ("정책", "Policy"),
    "reason": ("까닭", "Reason"), "refusals": ("거절", "Refusals"), "all_refusals": ("모든 거절", "All refusals"),
    "service": ("서비스", "Service"), "fullest": ("가장 많은 시간", "Fullest hour"), "more_than": ("{} 넘음", "over {}"),
    "up_to": ("{}일까지", "up to {}"), "about": ("약", "about"),
    # exports
    "export": ("목록 내보내기", "Export a list"), "what": ("무엇을", "What"), "claims_list": ("청구 목록", "Claims"),
    "payments": ("승인되고 나가지 않은 것", "Approved and not gone out"),
    "file_of_run": ("지급 회차의 파일", "File of a payment run"),
    "why": ("왜 필요합니까", "Why it is needed"), "note": ("메모", "Note"),
    "note_help": ("기록에 남습니다. 이름이나 전화번호는 적지 마세요.", "Kept in the log. Write no names or telephone numbers."),
    "export_help": ("까닭이 기록에 남은 다음 내려받기가 시작됩니다. 이름은 가려져 있습니다.",
        "The download begins once the reason is in the log. Names are masked."),
    "due_help": (
        "까닭이 기록에 남은 다음 내려받기가 시작됩니다. 계좌는 들어 있지 않습니다. 지급은 지급 회차의 파일로 합니다.",
        "The download begins once the reason is in the log. It has no accounts: pay from the file of a payment run."),
    "payees_help": (
        "까닭이 기록에 남은 다음 내려받기가 시작됩니다. 받는 계좌와 예금주가 들어 있으니 지급에만 쓰고 지우세요. "
        "파일에 든 사람마다 누가 보았는지 기록됩니다. 계좌와 은행 코드 앞의 작은따옴표는 "
        "표 프로그램에서 앞의 0이 사라지지 않게 합니다.",
        "The download begins once the reason is in the log. It has accounts and the names of their holders: use it to pay, and "
        "delete it. For each person in it is logged who saw it. The apostrophe before accounts and codes of banks keeps their "
        "zeros in spreadsheets."),
    "payee_given": ("받는 계좌 있음", "Account given"), "no_payee": ("받는 계좌를 모름", "Nobody said where"),
    "may_be_duplicate": ("중복일 수 있음 (‘비슷한 청구’에 답해야 나감)", "May be a duplicate (goes once the hint is answered)"),
    "payee_not_needed": ("계좌로 가지 않음", "Goes to no account"),
    "payee_of_approver": ("승인한 사람이 계좌를 적음", "Entered by who approved it"),
    "payee_of_one": ("규칙이 승인, 계좌는 한 사람이 (그의 한도까지)", "Approved by rule, account by one (within his limit)"),
    "payee_held": ("청구인이 계좌를 바꾼 지 이틀이 안 됨", "Changed by the claimant less than two days ago"),
    "payee_failed": ("보낸 것이 돌아왔고 그 뒤 말한 계좌가 없음", "Came back, and no account was told since"),
    "payee_erased": ("받는 계좌가 지워짐", "Account erased"),
    "download": ("내려받기", "Download"), "filter": ("어떤 청구", "Which claims"),
    "answer_claimant": ("청구인에게 답하기", "To answer claimants"), "payment": ("지급", "To pay"), "audit": ("감사", "Audit"),
    "report": ("보고", "Report"), "authority": ("관청의 요구", "An authority asks"),
    "other": ("그 밖에 (메모 필요)", "Other (with a note)"),
    "not_yours": ("이 목록은 {} 역할이 내보냅니다.", "This list is exported by: {}."),
    # the chain
    "chain": ("기록 사슬", "Chain of the log"), "head": ("지금의 머리", "Head now"),
    "head_help": ("이 줄을 이 시스템 밖에 적어 두세요. 나중에 아래에 넣으면, 그 뒤로 모든 고리가 다시 쓰였어도 드러납니다.",
        "Note this line down outside this system. Given below later, it tells even if every link was written anew."),
    "checked": ("마지막 점검", "Last check"), "never": ("아직 점검하지 않았습니다.", "Never checked."),
    "check": ("지금 점검하기", "Check now"), "checking": ("점검하는 중", "Checking"),
    "sound": ("어긋난 곳이 없습니다.", "Nothing was changed."),
    "faults": ("어긋난 곳", "Faults"), "anchor": ("적어 둔 머리 (없으면 비움)", "A head noted before (or empty)"),
    "anchor_help": ("위치:해시. 예: 12:3f0a…", "POSITION:HASH, like 12:3f0a..."), "asked": ("누가, 언제", "By, at"),
    "bad_anchor": ("위치:해시로 적으세요. 해시는 64자리입니다.", "Write it as POSITION:HASH; the hash has 64 digits."),
    "links": ("고리", "Links"),
    "auditors": ("감사자와 승인자가 점검할 수 있습니다.", "Auditors and checkers may check."),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


def words() -> dict[str, str]:
    return {key: say(key) for key in WORDS}


lazily = lazy(say, str)

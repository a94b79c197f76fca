"""Words about limits, the switch of rules and alarms on the staff's pages, each in Korean and English."""

from functools import partial

from django.utils.functional import lazy

from services.admin_pages import told
from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    # limits
    "limits": ("결정 한도", "Limits of decisions"), "in_force": ("지금의 한도", "In force now"),
    "limits_help": ("혼자 주거나 이미 나간 것을 돌려받을 수 있는 금액과 수량입니다. 이를 넘으면 두 번째 사람이 확인합니다. "
                    "역할이 여럿이면 높은 한도가 유효하고, 한도가 없는 단위는 혼자 결정할 수 없습니다. 규칙이 승인한 돈은, "
                    "계좌를 적은 사람이 한 명뿐이면 그 사람의 한도에 셉니다.",
                    "What somebody may give, or ask back of what has gone out, alone; what is above it waits for a second "
                    "person. Of several roles the higher limit counts; of a unit without one nothing is decided alone. Money "
                    "that a rule approved counts against who alone entered the account."),
    "history": ("지난 기록", "History"), "role": ("역할", "Role"), "unit": ("단위", "Unit"),
    "caseworker": ("담당자", "caseworker"), "checker": ("승인자", "checker"),
    "per_decision": ("결정 하나의 한도", "For one decision"), "per_day": ("하루의 한도", "For a day"),
    "per_decision_field": ("결정 하나의 한도 (최소 단위)", "For one decision (minor units)"),
    "per_day_field": ("하루의 한도 (최소 단위)", "For a day (minor units)"),
    "per_decision_help": ("그 금액까지 포함합니다. 0이면 혼자 결정할 수 없습니다.",
                          "Inclusive. With 0 nothing is decided alone."),
    "per_day_help": ("한국 시간으로 하루 동안의 합계입니다. 결정 하나의 한도 이상이어야 합니다.",
                     "The sum of a day in Korean time; not below that of one decision."),
    "unit_help": ("정책이 주는 통화와 단위", "Currencies and units that policies give"),
    "set_limit": ("담당자의 한도 정하기", "Set the caseworkers' limit"),
    "limit_help": ("바로 유효합니다. 지난 한도는 기록에 남고, 다시 정하면 되돌릴 수 있습니다.",
                   "It counts at once. Former limits stay in the history; to undo, set the former one again."),
    "limit_done": ("한도를 정했습니다.", "The limit is set."),
    "limits_reader": ("담당자의 한도는 승인자가, 승인자의 한도는 명령으로만 정합니다.",
                      "Checkers set the caseworkers' limits; those of checkers are set by a command."),
    "command": ("명령", "a command"),
    # the switch
    "switches": ("자동 결정 스위치", "Switch of automatic decisions"), "paused_now": ("지금 멈춘 것", "Paused now"),
    "policies": ("정책마다", "By policy"), "policy": ("정책", "Policy"), "incident": ("장애", "Incident"),
    "state": ("상태", "State"), "running": ("켜짐", "on"), "paused": ("모든 장애에서 멈춤", "paused for all incidents"),
    "paused_partly": ("장애 {count}건에서 멈춤", "paused for {count} incident(s)"),
    "all_incidents": ("모든 장애", "All incidents"), "pause": ("멈추기", "Pause"), "resume": ("다시 켜기", "Resume"),
    "pause_help": ("누르면 이 정책의 청구를 규칙이 더는 결정하지 않고 사람에게 보냅니다. 사람의 결정은 계속됩니다.",
                   "Rules then decide nothing more under the policy; its claims go to people, whose decisions go on."),
    "resume_help": ("규칙이 다시 결정합니다. 멈춘 동안 그 까닭으로만 사람에게 간 청구도 규칙이 다시 봅니다.",
                    "Rules decide again, also what went to people only because of the pause."),
    "pause_done": ("멈추었습니다.", "Paused."), "resume_done": ("다시 켰습니다.", "Resumed."),
    "switch_reader": ("승인자가 멈추고 다시 켭니다.", "Checkers pause and resume."),
    "note": ("까닭", "Reason"), "note_help": ("기록에 남습니다.", "It is kept in the log."),
    "since": ("멈춘 때 (한국 시간)", "Since (Korean time)"), "by": ("누가", "By"), "at": ("때 (한국 시간)", "At (Korean time)"),
    "until": ("다시 켠 때", "Resumed at"), "resumed_by": ("다시 켠 사람", "Resumed by"),
    "why_paused": ("멈춘 까닭", "Why paused"), "why_resumed": ("다시 켠 까닭", "Why resumed"),
    "by_alarm": ("경보", "the alarm"), "rise_first": ("새 기준", "New threshold"),
    "rise_help": ("규칙이 이미 {approved}건을 승인했고 기준은 {threshold}건입니다. 이보다 높여야 다시 켤 수 있습니다.",
                  "{approved} are approved by rule, the threshold is {threshold}. Give more than are approved to go on."),
    # alarms
    "alarms": ("승인 수 경보", "Take-up alarms"),
    "alarms_help": ("규칙이 한 정책과 장애에서 기준만큼 승인하면, 다음 청구에서 그 둘의 자동 결정이 멈춥니다. 경보를 처음 정한 "
                    "때부터 셉니다.",
                    "Once rules have approved as many claims of a policy about an incident as the threshold says, the next one "
                    "pauses the two. It is counted from when the alarm was first set."),
    "approved": ("규칙이 승인한 수", "Approved by rule"), "threshold": ("기준", "Threshold"), "rest": ("남은 수", "Left"),
    "alarmed": ("경보로 멈춤", "paused by the alarm"), "held": ("사람이 멈춤", "paused by somebody"),
    "full": ("기준에 이름", "threshold reached"), "quiet": ("기준 아래", "below the threshold"),
    "let_go_on": ("다시 켜기", "let it go on"), "set_alarm": ("기준 정하기", "Set a threshold"),
    "alarm_help": ("이미 승인한 수보다 적게 정할 수 없습니다. 경보로 멈춘 것은 기준을 높인 뒤에도 다시 켜야 합니다.",
                   "Not below what is approved already. What the alarm has paused has to be resumed, also after this."),
    "alarm_done": ("기준을 정했습니다.", "The threshold is set."),
    "alarms_reader": ("승인자가 기준을 정합니다.", "Checkers set the threshold."),
    "none": ("없습니다.", "None."), "more": ("다음 쪽", "Next page"),
}  # fmt: skip
REFUSED: dict[str, str] = {
    "already_paused": "이미 멈춰 있습니다.",
    "not_paused": "이미 다시 켜졌습니다.",
    "alarm_reached": "기준만큼 승인되었습니다. 기준을 높이세요.",
    "unit_unknown": "어느 정책도 주지 않는 단위입니다.",
    "reference_unknown": "그런 역할이나 정책이 없습니다.",
    "out_of_range": "쓸 수 없는 수입니다. 도움말의 범위 안에서 정하세요.",
    "required": "까닭을 쓰세요.",
}


def say(key: str) -> str:
    return WORDS[key][in_english()]


lazily = lazy(say, str)
said_refusal = partial(told, korean=REFUSED)  # with a sentence of these pages

"""Words of the pages on which staff, roles, personal data and partners are looked after, each in Korean and English."""

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    "find_people": ("사람 찾기", "Find a person"), "find": ("찾기", "Find"),
    "find_help": (
        "전화번호 끝 네 자리, 이름의 앞이나 뒤, 이메일 주소의 앞부분, 또는 공개 번호. 찾은 것은 기록됩니다.",
        "The last four digits of a telephone, how a name begins or ends, how an address begins, or a public id. That somebody "
        "looked is logged.",
    ),
    "more_found": ("더 있습니다. 앞의 {most}명만 보입니다. 더 자세히 적어 주십시오.",
                   "There are more; the first {most} are shown. Type in more of it."),
    "invite": ("새 직원", "New member of staff"),
    "invite_help": (
        "역할은 다른 책임자가 확인해야 생깁니다. 비밀번호 링크는 그 뒤에, 초대하지 않은 책임자가 만들어 본인에게 건넵니다.",
        "The roles begin when another manager confirms them. After that a manager who did not invite makes the link for "
        "the password, and hands it to the person.",
    ),
    "invited": ("초대했습니다. 다른 책임자가 확인해야 합니다.", "Invited. Another manager has to confirm it."),
    "roles": ("역할", "Roles"),
    "roles_after": ("바뀐 뒤의 역할", "Roles afterwards"),
    "propose": ("변경 제안", "Propose the change"),
    "proposed": ("제안했습니다. 다른 책임자가 확인해야 합니다.", "Proposed. Another manager has to confirm it."),
    "leaving": ("그만둠", "Leaving"),
    "leaving_help": (
        "확인되면 모든 역할과 로그인이 끝납니다.", "Once confirmed, all roles, the log-in and every session end."
    ),
    "propose_leaving": ("그만둠 제안", "Propose that this person leaves"),
    "link": ("비밀번호 링크", "Link for the password"),
    "link_help": (
        "이 주소는 지금만 보이고, 하루 안에 한 번 쓸 수 있습니다. 본인에게만 직접 건네십시오. "
        "새로 만들면 앞의 것은 쓸 수 없습니다.",
        "This address is shown now only and works once, within a day. Hand it to the person and to nobody else. Making "
        "another one ends this one.",
    ),
    "make_link": ("링크 만들기", "Make the link"),
    "waiting": ("기다리는 변경", "A change waits"),
    "facts": ("지금", "Now"),
    "login": ("전자우편", "E-mail"),
    "language": ("언어", "Language"),
    "active": ("사용 중", "Active"),
    "yes": ("예", "yes"),
    "no": ("아니요", "no"),
    "last_login": ("마지막 로그인 (한국 시간)", "Last log-in (Seoul)"),
    "change": ("역할 변경", "Change of roles"),
    "user": ("누구", "Who"),
    "grants": ("줄 역할", "Roles given"),
    "takes": ("거둘 역할", "Roles taken"),
    "leaves": ("그만두고, 모든 역할이 끝납니다.", "Leaves; all roles end."),
    "note": ("왜", "Why"),
    "proposed_by": ("제안", "Proposed by"),
    "closed_by": ("답", "Answered by"),
    "state": ("상태", "State"),
    "confirm": ("확인", "Confirm"),
    "confirm_help": ("확인하면 바로 바뀝니다.", "It takes effect at once."),
    "return": ("돌려보냄", "Return"),
    "own": (
        "본인에 관한 변경입니다. 다른 두 책임자가 정합니다.", "This is about yourself. Two other managers decide it."
    ),
    "own_proposal": ("본인이 제안했습니다. 다른 책임자가 확인합니다.", "You proposed it. Another manager confirms it."),
    "reader": ("바꾸려면 책임자 역할이 필요합니다.", "To change it one needs the role manager."),
    "done": ("반영했습니다.", "Done."),
    "masked": ("가려진 개인 정보", "Personal data, masked"),
    "revealed": ("개인 정보", "Personal data"),
    "payee_masked": ("가려진 받는 계좌", "Where they are paid, masked"), "payee": ("받는 계좌", "Where they are paid"),
    "bank": ("은행", "Bank"), "account": ("계좌 번호", "Account"), "holder": ("예금주", "Holder"),
    "no_payee": ("받는 계좌가 적히지 않았거나 지워졌습니다.", "Nobody said where they are paid, or it was erased."),
    "revealed_help": ("이 답에만 보입니다. 열람이 기록되었습니다.", "Shown on this answer only. That you saw it was recorded."),
    "reveal": ("보기", "Reveal"),
    "reveal_help": (
        "까닭과 함께 누가 언제 보았는지 지울 수 없게 기록됩니다.",
        "Who saw it, when and why is recorded and cannot be deleted.",
    ),
    "person": ("사람", "Person"),
    "name": ("이름", "Name"),
    "phone": ("전화", "Phone"),
    "email": ("전자우편", "E-mail"),
    "reason": ("까닭", "Reason"),
    "note_optional": ("덧붙일 말 (비워도 됨)", "Note (may be empty)"),
    "new_partner": ("새 제휴사", "New partner"),
    "code": ("코드 (영문 소문자·숫자·-_)", "Code (a-z, 0-9, - and _)"),
    "name_ko": ("이름 (한국어)", "Name in Korean"),
    "name_en": ("이름 (영어)", "Name in English"),
    "contacts": ("연락처", "Contacts"),
    "add_contact": ("연락처 더하기", "Add a contact"),
    "erase": ("지우기", "Erase"),
    "scopes": ("허용 범위", "Scopes"),
    "set_scopes": ("허용 범위 정하기", "Set the scopes"),
    "scopes_help": (
        "자격 증명이 할 수 있는 것의 한계입니다. 빼면 이미 발급한 것에도 바로 적용됩니다.",
        "What its credentials may do at most. What is taken away here holds at once for those issued before.",
    ),
    "credentials": ("자격 증명", "Credentials"),
    "issue": ("자격 증명 발급", "Issue a credential"),
    "last_date": ("마지막 날 (한국, 그날 끝까지)", "Last day (Seoul, to its end)"),
    "secret": ("비밀 값", "Secret"),
    "secret_help": (
        "지금만 보입니다. 우리에게는 남지 않으니 안전하게 건네십시오.",
        "Shown now only. We keep no copy; hand it over safely.",
    ),
    "client_id": ("클라이언트 번호", "Client id"),
    "begins": ("비밀 값의 앞 글자", "Secret begins"),
    "issued_at": ("발급 (한국 시간)", "Issued (Seoul)"),
    "expires_at": ("이때까지 (한국 시간)", "Until before (Seoul)"),
    "live": ("유효함", "live"),
    "expired": ("기한이 지남", "expired"),
    "revoked": ("무효", "revoked"),
    "revoke": ("무효로 하기", "Revoke"),
    "new_app": ("새 앱", "New app"), "audience": ("쓰는 사람", "For"),
    "new_app_help": (
        "청구인의 앱은 본인의 청구만, 직원의 도구는 역할이 허락하는 것만 합니다. 주소는 https로 시작하고, 앱이 쓰는 것과 한 "
        "글자도 다르지 않아야 합니다.",
        "An app of claimants reaches their own claims only, a tool of the staff what their roles let them. Addresses begin "
        "with https, and are to the letter those that the app uses.",
    ),
    "redirect_uris": ("돌아갈 주소 (한 줄에 하나)", "Addresses to return to (one a line)"),
    "registered": ("등록 (한국 시간)", "Registered (Seoul)"), "ended": ("끝 (한국 시간)", "Ended (Seoul)"),
    "end_app": ("앱 끝내기", "End the app"),
    "end_app_help": (
        "받은 허용이 모두 바로 끝나고 되돌릴 수 없습니다. 다시 쓰려면 새로 등록합니다.",
        "All that it was allowed ends at once, and that cannot be undone. To use it again, register it anew.",
    ),
    "none": ("없습니다.", "None."),
    "add": ("등록", "Add"),
    "password_set": ("비밀번호를 정했습니다. 로그인하십시오.", "Your password is set. Log in."),
    "tools": ("허용한 도구", "Tools that you let in"),
    "tools_help": (
        "이 도구들은 본인의 역할이 허락하는 만큼 청구를 보고 처리합니다. 거두면 바로 그럴 수 없게 됩니다.",
        "These see claims and work on them, as far as your roles go. Once you take it away, they no longer can.",
    ),
    "tools_none": ("허용한 도구가 없습니다.", "There are none."),
    "tool_since": ("허용한 때", "Allowed since"),
    "tool_withdraw": ("허용 거두기", "Take it away"),
    "tool_withdrawn": ("허용을 거두었습니다: {}", "Taken away: {}"),
}  # fmt: skip


def say(key: str) -> str:
    """In the active language."""
    return WORDS[key][in_english()]


def words() -> dict[str, str]:
    """All of them, for a page."""
    return {key: say(key) for key in WORDS}

"""Words of the pages on which staff take in incidents, notices and feeds, each in Korean and English."""

from django.utils.translation import get_language

WORDS: dict[str, tuple[str, str]] = {
    "add": ("등록", "Add"),
    "add_incident": ("새 장애", "New incident"),
    "add_notice": ("새 공지", "New notice"),
    "add_feed": ("새 피드", "New feed"),
    "added": ("등록했습니다", "Added"),
    "done": ("반영했습니다.", "Done."),
    "first_listed": ("처음 {most:,}개, 나머지는 찾거나 거르세요", "the first {most:,}; search or filter for others"),
    "source": ("출처", "Source"),
    "zone": ("시간대", "Time zone"),
    "recovery": ("복구로 보는 때", "Counts as back when"),
    "polled": ("마지막 확인", "Last polled"),
    "next": ("다음 확인", "Next poll"),
    "never": ("없음", "never"),
    "pollnow": ("지금 확인", "Poll now"),
    "error": ("마지막 오류", "Last error"),
    "failures": ("연속 실패", "failures in a row"),
    "upload": ("파일 올리기", "Upload a file"),
    "look": ("살펴보기", "Look"),
    "import": ("가져오기", "Import"),
    "again": (
        "저장된 것은 없습니다. 가져오려면 같은 파일이 골라져 있어야 합니다.",
        "Nothing is stored yet. To import it, the same file must be chosen still.",
    ),
    "looked": ("가져오면 생기는 것", "What importing it would bring"),
    "nothing": ("새로운 것이 없습니다.", "There is nothing new in it."),
    "counts": (
        "항목 {items} · 그대로인 구간 {same} · 새 공지 {notices}",
        "{items} items · {same} windows the same · {notices} new notices",
    ),
    "imported": ("가져왔습니다: 제안 {proposed}, 공지 {notices}", "Imported: {proposed} proposals, {notices} notices"),
    "unchanged": ("새로운 것이 없습니다.", "It says nothing new."),
    "missing": (
        "이 파일에 더는 없는 항목 (제안은 그대로입니다)",
        "No longer in this file (what they proposed stays)",
    ),
    "unused": ("어느 구간에도 쓰이지 않은 관찰", "Observations that no window uses"),
    "kind": ("구분", "Kind"),
    "what": ("서비스·구성 요소", "Service or component"),
    "before": ("지금까지", "Before"),
    "after": ("이제", "Now"),
    "remarks": ("질문과 참고", "Questions and remarks"),
    "unknown": ("서비스 미정", "no service yet"),
    "proposals": ("답을 기다리는 제안", "Proposals that wait for an answer"),
    "components": ("구성 요소", "Components"),
    "unmapped": ("미정", "not said yet"),
    "ours": ("우리 서비스 아님", "none of ours"),
    "map": ("정하기", "Say so"),
    "items": ("피드의 항목", "Items of the feed"),
    "attach": ("장애에 잇기", "Attach"),
    "unattached": ("아직 잇지 않음", "not attached yet"),
    "others": ("나머지", "The others"),
    "none": ("아직 없습니다.", "None yet."),
    "open": ("답을 기다림", "open"),
    "answered": ("답함", "answered"),
    "replaced": ("새 제안이 대신함", "replaced by a newer one"),
    "withdrawn": ("피드에서 사라짐", "no longer in the feed"),
    "newdraft": ("새 초안", "New draft"),
    "reader": ("볼 수만 있습니다.", "You may look, not write."),
}

LABELS: dict[str, tuple[str, str]] = {
    "key": ("키 (영문·숫자·-)", "Key (letters, digits, -)"),
    "code": ("코드 (영문·숫자·-)", "Code (letters, digits, -)"),
    "title_ko": ("제목 (한국어)", "Title in Korean"),
    "title_en": ("제목 (영어)", "Title in English"),
    "cause_ko": ("원인 (한국어)", "Cause, in Korean"),
    "started_at": ("시작 (한국 시간)", "Began (Korean time)"),
    "started_approx": ("시작은 무렵", "Start is approximate"),
    "source": ("출처", "Source"),
    "channel": ("어디에 실렸나", "Channel"),
    "incident": ("장애", "Incident"),
    "published_at": ("게시 시각 (한국 시간)", "Published (Korean time)"),
    "published_approx": ("게시 시각은 무렵", "Publication is approximate"),
    "text": ("내용 (우리 말로)", "What it says, in our own words, in Korean"),
    "text_en": ("내용 (영어)", "The same in English"),
    "ref": ("매체와 기사 번호", "Outlet and article number"),
    "url": ("주소", "Address"),
    "name": ("이름", "Name"),
    "kind": ("종류", "Kind"),
    "zone": ("시간대 (시각에 없을 때, 예: Asia/Seoul)", "Time zone, if its times have none, like Asia/Seoul"),
    "recovery": ("복구로 보는 때", "Counts as back when"),
    "poll_minutes": ("확인 간격 (분, 비우면 확인하지 않음)", "Poll every so many minutes (empty: never)"),
    "file": ("파일 (10 MB까지)", "File, at most 10 MB"),
    "table": ("구간 표 (비우면 마지막 것)", "Table of windows (empty: the last one)"),
    "about": ("새 항목의 장애 (비우면 나중에)", "Incident of new items (empty: say later)"),
    "several": ("여러 장애", "several"),
    "later": ("나중에", "later"),
}

RECOVERY: dict[str, tuple[str, str]] = {
    "component": ("구성 요소가 정상이라고 할 때", "the feed calls the component operational"),
    "monitoring": ("장애가 지켜보는 단계일 때", "the incident is being monitored"),
    "resolved": ("장애가 해결되었을 때", "the incident is resolved"),
}


def language() -> str:
    """`ko` or `en`."""
    return "en" if (get_language() or "ko").startswith("en") else "ko"


def say(key: str) -> str:
    return WORDS[key][language() == "en"]


def label(key: str) -> str:
    return LABELS[key][language() == "en"]


def recoveries() -> list[tuple[str, str]]:
    return [(code, words[language() == "en"]) for code, words in RECOVERY.items()]

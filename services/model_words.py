"""What the staff's pages call tables and their columns in Korean. In English they keep the names they have.

The models themselves are not renamed: refusals name them in English, and programs may depend on that.
"""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.db.models import Model
from django.db.models.options import Options
from django.utils.functional import lazy
from django.utils.translation import get_language

from services.choice_words import HEADINGS

MODELS: dict[str, str] = {
    "Service": "서비스", "ServiceDependency": "서비스 의존", "Source": "출처", "Incident": "장애", "Notice": "공지",
    "Observation": "관찰", "OutageWindow": "장애 구간", "Extent": "장애 전체의 시작과 끝", "Finding": "밝혀진 사실",
    "RecordVersion": "공식 기록의 판", "RecordWindow": "판에 실린 구간", "RecordExtent": "판에 실린 전체 시작과 끝",
    "RecordFinding": "판에 실린 사실", "RecordDraft": "기록 초안", "RecordChange": "초안의 변경", "DutyProof": "고지 증거",
    "Feed": "피드", "ComponentMapping": "구성 요소와 서비스", "FeedDocument": "피드 문서", "FeedItem": "피드 항목",
    "WindowProposal": "구간 제안", "ProposalAnswer": "제안에 대한 답", "ClockMove": "시험용 시계",
}  # fmt: skip
FIELDS: dict[str, str] = {
    "code": "코드", "parent": "상위 서비스", "name_ko": "이름 (한국어)", "name_en": "이름 (영어)", "operator": "운영사",
    "inferred": "추론함", "service": "서비스", "depends_on": "의존하는 서비스", "rank": "순위", "official": "공식",
    "key": "키", "title_ko": "제목 (한국어)", "title_en": "제목 (영어)", "cause_ko": "원인 (한국어)", "started_at": "시작",
    "started_approx": "시작은 무렵", "incident": "장애", "source": "출처", "channel": "어디에 실렸나", "published_at": "게시",
    "published_approx": "게시는 무렵", "recorded_at": "기록", "text": "내용", "text_en": "내용 (영어)",
    "ref": "매체와 기사 번호",
    "url": "주소", "feed": "피드", "item": "피드 항목", "text_hash": "내용 해시", "notice": "공지", "observed_at": "관찰한 때",
    "approx": "무렵", "stated_at": "말한 때", "note": "비고", "start_at": "시작", "start_approx": "시작은 무렵", "end_at": "끝",
    "end_approx": "끝은 무렵", "closing_rule": "끝을 이렇게 본 까닭", "planned": "예정된 점검",
    "announced_at": "점검을 알린 때",
    "users_permille": "영향 이용자 (천분율)", "start_inferred": "시작은 추론함", "name": "이름", "number": "번호",
    "as_of": "언제까지 아는가", "published_by": "게시한 사람", "governing": "따르는 출처", "content_hash": "내용 해시",
    "window_count": "구간 수", "extent_count": "전체 시작과 끝의 수", "finding_count": "사실 수", "extents": "전체 시작과 끝",
    "findings": "사실", "version": "판", "window": "구간", "position": "차례", "period": "기간", "extent": "전체 시작과 끝",
    "finding": "사실", "title": "제목", "base": "바탕", "opened_by": "연 사람", "opened_at": "연 때", "closed_by": "닫은 사람",
    "closed_at": "닫은 때", "instead_of": "대신한 구간", "reason": "까닭", "written_by": "쓴 사람", "written_at": "쓴 때",
    "sent_at": "보낸 때", "content": "내용", "media_type": "매체 유형", "recorded_by": "기록한 사람", "zone": "시간대",
    "poll_minutes": "확인 간격 (분)", "polled_at": "마지막 확인", "etag": "ETag (바뀜 표시)", "last_error": "마지막 오류",
    "failures": "연속 실패", "registered_at": "등록한 때", "component": "구성 요소", "mapped_by": "정한 사람",
    "mapped_at": "정한 때", "table": "구간 표", "read_by": "읽은 사람", "read_at": "읽은 때", "foreign_id": "피드의 번호",
    "attached_by": "이은 사람", "attached_at": "이은 때", "first_read_at": "처음 읽은 때", "document": "문서",
    "replaces": "대신한 제안", "component_name": "구성 요소 이름", "withdrawn": "원문에서 사라짐", "remarks": "참고",
    "proposed_at": "제안한 때", "proposal": "제안", "change": "변경", "answered_by": "답한 사람", "answered_at": "답한 때",
    "created_at": "만든 때", "shows_at": "가리키는 때", "real_at": "실제 때", "moved_by": "돌린 프로그램",
}  # fmt: skip


def _picked(korean: str, english: str) -> str:
    return english if (get_language() or "ko").startswith("en") else korean


picked = lazy(_picked, str)


def named_options(model: type[Model], names: Mapping[str, str]) -> Options:
    """The model's options under the name that staff know; a copy."""
    options: Any = copy(model._meta)
    korean = names.get(model.__name__)
    if korean is not None:
        options.verbose_name = picked(korean, str(options.verbose_name))
        options.verbose_name_plural = picked(korean, str(options.verbose_name_plural))
    return options  # type: ignore[no-any-return]


def name_columns(model: type[Model], names: Mapping[str, str]) -> None:
    """Gives each column that its model has not named itself the label that staff know, or the heading of its lists."""
    headings = {name: korean for name, (korean, _) in HEADINGS.items()}
    for field in [*model._meta.fields, *model._meta.many_to_many]:
        korean = names.get(field.name) or headings.get(field.name)
        if korean is not None and str(field.verbose_name) == field.name.replace("_", " "):
            field.verbose_name = picked(korean, str(field.verbose_name))

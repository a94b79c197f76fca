"""Claims are answered from templates: one at a time, or many in a bulk run. Expects a transaction."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import Role, User
from claims.models import (
    MESSAGE,
    MONEYLESS,
    BulkItem,
    BulkItemState,
    BulkRun,
    BulkWhat,
    Claim,
    ClaimKind,
    DecisionStatus,
    Letter,
    NewsKind,
    ReplyTemplate,
    ReplyVersion,
    ReviewStatus,
)
from claims.models.intake import IN_NO_LIST_SQL
from claims.models.owing import UNDECIDED_SQL
from claims.operations.appealed import LASTING
from claims.operations.checks import check_text
from claims.operations.decisions import DECIDERS, AssessmentOutdated, OwnClaim, ReviewedByAnother
from claims.operations.language import language_of
from claims.operations.messages import LONGEST_MESSAGE
from claims.operations.moves import Move, TransitionNotAllowed, checked_note, lock_status, log_event, make_move, make_moves
from claims.operations.news import tell
from claims.operations.refusals import Required
from claims.operations.triage import SortUnknown
from claims.queries.conflicts import CONFLICT_SQL
from claims.queries.reply import LANGUAGES, PLACEHOLDERS, placeholders_of, render_reply
from services.instants import OutOfRange, check_instant
from services.questions import UnknownLanguage
from services.refusals import InvalidCharacter, Refusal, Unknown
from services.staff import require
from services.texts import normalised

NOT_DECIDED = "not_decided"  # why a claim for money is in the queue after what its claimant wrote was answered
MOST = 10_000  # claims of a run


class TemplateCodeInvalid(Refusal):
    code = "template_code_invalid"


class PlaceholderUnknown(Refusal):
    code = "placeholder_unknown"


class TemplateMovedOn(Refusal):
    """Another version was published after somebody looked."""

    code = "version_moved_on"


class UnknownTemplate(Unknown):
    code = "unknown_template"


class KindNotAnswered(Refusal):
    code = "kind_not_answered"


class NothingToAnswer(Refusal):
    code = "nothing_to_answer"


class MoneyAtStake(Refusal):
    code = "money_at_stake"


# --- templates -----------------------------------------------------------------------------------------


def publish_reply_template(
    *, code: str, kinds: Sequence[str], title_ko: str, title_en: str, body_ko: str, body_en: str, published_by: User,
    now: datetime, after: int | None = None,
) -> ReplyVersion:  # fmt: skip
    """The next version of a template, which is in use from now on. What the newest one says again returns that one.

    `kinds`: of claims that it may answer. `after`: the number of the version that was the newest when somebody looked (0:
    none). Raises RoleMissing, TemplateCodeInvalid, SortUnknown, Required, ValueTooLong, InvalidCharacter, PlaceholderUnknown,
    TemplateMovedOn.
    """
    now = check_instant(now, "now")
    require(published_by, (Role.CHECKER,), "publish a template")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", code):
        raise TemplateCodeInvalid("A code has small letters, digits and _, a letter first: `when_paid`.", field="code")
    if not kinds:
        raise Required("Say which kinds of claims the template may answer.", field="kinds")
    for kind in kinds:
        if kind not in (*MONEYLESS, ClaimKind.CLAIM):
            raise SortUnknown(f"A template answers no claim of the kind {kind!r}.", field="kinds")
    texts = {"title_ko": title_ko, "title_en": title_en, "body_ko": body_ko, "body_en": body_en}
    said = {field: checked_reply_text(text, field) for field, text in texts.items()}
    said_kinds = [str(kind) for kind in (*MONEYLESS, ClaimKind.CLAIM) if kind in kinds]
    ReplyTemplate.objects.bulk_create([ReplyTemplate(code=code)], ignore_conflicts=True)
    template = ReplyTemplate.objects.select_for_update(no_key=True).get(code=code)
    newest = _newest(template)
    number = 0 if newest is None else newest.number
    if after is not None and after != number:
        raise TemplateMovedOn(f"Version {number} of {code} was published meanwhile. Look at it first.", field="code")
    if newest is not None and newest.kinds == said_kinds and all(getattr(newest, name) == text for name, text in said.items()):
        return newest
    version = ReplyVersion.objects.create(
        template=template, number=number + 1, kinds=said_kinds, **said, published_by=published_by, published_at=now
    )
    data = {"template": code, "number": version.number, "kinds": said_kinds}
    log_event("reply_published", actor=published_by, now=now, data=data)
    return version


def _newest(template: ReplyTemplate) -> ReplyVersion | None:
    return template.versions.order_by("-number").first()


def checked_reply_text(text: str, field: str) -> str:
    """As it would be published. `field`: `title_ko`, `body_en` and the like. Raises Required, ValueTooLong, InvalidCharacter,
    PlaceholderUnknown.
    """
    kept = normalised(text.replace("\r\n", "\n"), field)
    body = field.startswith("body")
    longest = LONGEST_MESSAGE if body else 200
    check_text(kept.replace("\n", " ") if body else kept, field, longest=longest, required=True)
    try:
        used = placeholders_of(kept)
    except ValueError as error:
        raise InvalidCharacter(f"{field}: a brace is open. Write {{{{ and }}}} for braces.", field=field) from error
    for name in used:
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            raise PlaceholderUnknown(f"{field} has {{{name}}}, which nothing fills. Known are {known}.", field=field)
    return kept


def reply_in_use(code: str) -> ReplyVersion:
    """The newest version. Raises UnknownTemplate."""
    version = ReplyVersion.objects.filter(template__code=code).order_by("-number").first()
    if version is None:
        raise UnknownTemplate(f"There is no template {code!r}.", field="template")
    return version


def _version(version_id: int) -> ReplyVersion:
    """One that is in use. Raises UnknownTemplate, TemplateMovedOn."""
    version = ReplyVersion.objects.select_related("template").filter(pk=version_id).first()
    if version is None:
        raise UnknownTemplate(f"There is no version {version_id} of a template.", field="template")
    if version.template.versions.filter(number__gt=version.number).exists():
        raise TemplateMovedOn("A newer version of this template was published. Look at that one.", field="template")
    return version


# --- one claim -----------------------------------------------------------------------------------------


def answer_claim(
    *, claim_id: int, version_id: int, answered_by: User, now: datetime, note: str = "", moves: int | None = None,
    language: str = "",
) -> Letter:  # fmt: skip
    """Send what the template says. What the claimant wrote is answered by it, and a claim without money is then decided so.

    In the claimant's language unless one is given. What was decided stands. The claim leaves the queue unless something
    else is open: an appeal, a second look, or money that is not decided. Raises RoleMissing, UnknownTemplate,
    TemplateMovedOn, UnknownClaim, ClaimMoved, OwnClaim, ReviewedByAnother, TransitionNotAllowed, KindNotAnswered,
    NothingToAnswer, AssessmentOutdated, MoneyAtStake, UnknownLanguage.
    """
    now = check_instant(now, "now")
    require(answered_by, DECIDERS, "answer a claim")
    text = checked_note(note)
    if language not in ("", *LANGUAGES):
        raise UnknownLanguage(f"language is {language!r}. Give one of {', '.join(LANGUAGES)}.", field="language")
    version = _version(version_id)
    status = lock_status(claim_id, moves=moves)
    (seen,) = _look_at([claim_id], version, answered_by)
    _check(seen.code)
    (letter,) = _write([claim_id], version, now, language)
    make_move(status, _move(seen, letter, version), actor=answered_by, now=now, note=text)
    return letter


REFUSALS: tuple[tuple[type[Refusal], str], ...] = (
    (OwnClaim, "This claim is yours, or of somebody with your address. Somebody else answers it."),
    (ReviewedByAnother, "Somebody else reviews this claim. Ask for it, or have it assigned to you."),
    (TransitionNotAllowed, "What is queued or in review is answered; this claim is not, or no longer."),
    (KindNotAnswered, "This template is not for claims of this kind. Choose another, or sort the claim."),
    (NothingToAnswer, "Nobody has written anything that waits for an answer."),
    (AssessmentOutdated, "What was lost waits to be assessed again. Answer on what comes of it."),
    (
        MoneyAtStake,
        "The newest assessment gives something, or leaves it open. Decide about that, or the claimant gets nothing.",
    ),
)


def _check(code: str) -> None:
    """Raises the refusal with this code."""
    for refusal, message in REFUSALS:
        if code == refusal.code:
            raise refusal(message, field="claim")


@dataclass(frozen=True)
class _Seen:
    """`ends`: an answer is the end of this claim, as far as no appeal or second look is open."""

    claim_id: int
    moves: int
    reasons: list[str]
    decision: str
    ends: bool
    code: str


def _look_at(claim_ids: Sequence[int], version: ReplyVersion, user: User, *, many: bool = False) -> list[_Seen]:
    """In the order of the claims; unknown ones are left out. `many`: nobody reads what each of them says."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK_AT, {"claims": list(claim_ids), "user": user.pk, "kinds": version.kinds, "many": many})
        return [_Seen(*row) for row in cursor.fetchall()]


LOOK_AT = f"""
SELECT s.claim_id, s.moves, s.reasons, s.decision, x.ends,
       CASE WHEN {CONFLICT_SQL} THEN 'conflict_of_interest'
            WHEN s.review = '{ReviewStatus.IN_REVIEW}' AND s.assignee_id <> u.id THEN 'reviewed_by_another'
            WHEN s.review NOT IN ('{ReviewStatus.QUEUED}', '{ReviewStatus.IN_REVIEW}') THEN 'transition_not_allowed'
            WHEN s.kind <> ALL(%(kinds)s::text[]) THEN 'kind_not_answered'
            WHEN NOT x.ends AND NOT '{MESSAGE}' = ANY(s.reasons) THEN 'nothing_to_answer'
            WHEN x.ends AND EXISTS (SELECT 1 FROM claims_reassessmentdue d WHERE d.claim_id = s.claim_id)
                 AND EXISTS (SELECT 1 FROM claims_loss l WHERE l.claim_id = s.claim_id) THEN 'assessment_outdated'
            WHEN x.ends AND EXISTS (SELECT 1 FROM claims_entitlementline e
                                     WHERE e.assessment_id = a.id
                                       AND (e.outcome = 'eligible' AND e.quantity > 0
                                            OR e.rule_id IS NOT NULL AND {UNDECIDED_SQL}))
            THEN 'money_at_stake'
            WHEN %(many)s AND x.ends AND {IN_NO_LIST_SQL} THEN 'in_no_list' ELSE '' END
  FROM unnest(%(claims)s::bigint[]) AS wanted(id)
  JOIN claims_claimstatus s ON s.claim_id = wanted.id
  JOIN claims_claim c ON c.id = s.claim_id
  JOIN accounts_user u ON u.id = %(user)s
  LEFT JOIN accounts_personaldata p ON p.person_id = c.person_id AND p.email <> ''
  LEFT JOIN LATERAL (SELECT id FROM claims_assessment WHERE claim_id = s.claim_id ORDER BY run_id DESC LIMIT 1) a ON true
 CROSS JOIN LATERAL (SELECT s.kind IN ({", ".join(f"'{kind.value}'" for kind in MONEYLESS)})
                            AND s.decision IN ('undecided', 'answered') AS ends) x
 ORDER BY s.claim_id"""  # noqa: S608 - constants


def _write(claim_ids: Sequence[int], version: ReplyVersion, now: datetime, chosen: str = "") -> list[Letter]:
    """In the claimants' languages, unless one is chosen."""
    letters = []
    for claim in Claim.objects.filter(pk__in=claim_ids).select_related("incident").order_by("pk"):
        language = chosen or language_of(claim)
        content = render_reply(version, claim, language=language, now=now)
        digest = hashlib.sha256(content).hexdigest()
        letters.append(
            Letter(claim=claim, reply=version, language=language, content=content, content_hash=digest, made_at=now)
        )  # fmt: skip
    tell([letter.claim_id for letter in letters], NewsKind.ANSWERED, now=now)
    return Letter.objects.bulk_create(letters)


def _move(seen: _Seen, letter: Letter, version: ReplyVersion, **more: int) -> Move:
    rest = [code for code in seen.reasons if code != MESSAGE and (not seen.ends or code in LASTING)]
    if not rest and not seen.ends and seen.decision == DecisionStatus.UNDECIDED:
        rest = [NOT_DECIDED]
    return Move(
        seen.claim_id, "claim_answered", review=None if rest else ReviewStatus.CLOSED, reasons=rest,
        decision=DecisionStatus.ANSWERED if seen.ends and seen.decision == DecisionStatus.UNDECIDED else None,
        data={"letter": letter.pk, "template": version.template.code, "number": version.number, **more},
    )  # fmt: skip


# --- many ----------------------------------------------------------------------------------------------


def draft_bulk_answer(*, version_id: int, claim_ids: Sequence[int], made_by: User, now: datetime) -> BulkRun:
    """A preview: which of these claims the template would answer as they are now, and why not the others. Sends nothing.

    It is begun, dropped and worked off like other bulk runs. A claim that moves meanwhile is left out then.
    Raises RoleMissing, UnknownTemplate, TemplateMovedOn, OutOfRange for none or more than MOST.
    """
    now = check_instant(now, "now")
    require(made_by, DECIDERS, "answer claims")
    version = _version(version_id)
    wanted = sorted(set(claim_ids))
    if not 1 <= len(wanted) <= MOST:
        raise OutOfRange(f"{len(wanted)} claims are chosen; choose 1 to {MOST}.", field="claims", about=f"1–{MOST:,}")
    found = _look_at(wanted, version, made_by, many=True)
    run = BulkRun.objects.create(what=BulkWhat.ANSWER, reply=version, made_by=made_by, made_at=now, total=len(found))
    BulkItem.objects.bulk_create(
        BulkItem(
            run=run, claim_id=one.claim_id, moves=one.moves, code=one.code,
            state=BulkItemState.REFUSED if one.code else BulkItemState.TODO,
        )
        for one in found
    )  # fmt: skip
    return run


def answer_items(run: BulkRun, items: Sequence[BulkItem], now: datetime) -> None:
    """Of a run that is worked off: sets what became of each. The caller holds the locks of the claims' statuses."""
    version = ReplyVersion.objects.select_related("template").get(pk=run.reply_id or 0)
    found = _look_at([item.claim_id for item in items], version, run.made_by, many=True)
    seen = {one.claim_id: one for one in found}
    for item in items:
        one = seen[item.claim_id]
        item.code = one.code or ("" if one.moves == item.moves else "version_mismatch")
        item.state = BulkItemState.REFUSED if item.code else BulkItemState.DONE
    letters = _write([item.claim_id for item in items if not item.code], version, now)
    moves = [_move(seen[letter.claim_id], letter, version, bulk_run=run.pk) for letter in letters]
    make_moves(moves, actor=run.made_by, now=now)

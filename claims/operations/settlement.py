"""Rules decide assessments, as far as policies let them; the rest goes to people. A chunk at a time, in its own transaction."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter

from django.db import connection
from django.db.models import F

from claims import hints
from claims.deadlines import answer_due
from claims.eligibility import Pack, Terms
from claims.facts import terms_of
from claims.keys import sample_seed
from claims.models import (
    MESSAGE,
    MOST_ATTEMPTS,
    Assessment,
    AutomaticPause,
    Claim,
    ClaimKind,
    Cohort,
    DecisionStatus,
    Event,
    Policy,
    ReviewStatus,
    RevisionCause,
    RunChunk,
    SettlementDue,
)
from claims.models.owing import OWED_SQL, UNDECIDED_SQL
from claims.models.twins import HAS_TWIN_SQL
from claims.operations.appealed import EVIDENCE, SECOND_LOOK
from claims.operations.attempts import attempt
from claims.operations.decisions import Ruling, carry_out
from claims.operations.locks import lock_policy
from claims.operations.moves import Move, Queued, make_moves
from claims.operations.payouts import Answers, differences_of, differing_claims
from claims.queries.reasons import NOTHING_TO_ASSESS
from services.instants import check_instant
from services.seoul import SEOUL

BY_RULE = (ReviewStatus.RECEIVED, ReviewStatus.QUEUED, ReviewStatus.AWAITING_CLAIMANT, ReviewStatus.CLOSED)


def settle_next(*, now: datetime) -> bool:
    """Decide the assessments of one chunk by rule; False when none is due. Call it outside any transaction.

    Approved is what every policy that gives something lets be approved: within its limit, not paused, not drawn as a sample,
    and not on the word of staff, whose authority no rule lends.
    Rejected is what nothing is owed of and nothing is undecided of, if the policies let it be rejected. Everything else goes
    into the queue of people, with all reasons; so does a claim that a person decided and that is now owed another sum. What
    people have in hand (in review, proposed, held, withdrawn, merged) is left to them; what is appealed, is to be looked at a
    second time, or waited for documents, stays in their queue. An assessment that a newer one of its claim has followed is
    left to that one, and so is a claim that waits to be assessed again: one letter instead of two. What fails is tried five
    times.
    """
    now = check_instant(now, "now")
    with attempt(SettlementDue) as taken:
        waiting = SettlementDue.objects.filter(attempts__lt=MOST_ATTEMPTS).order_by("attempts", "pk")
        due = waiting.select_for_update(skip_locked=True).first()
        if due is not None:
            taken.append(due.pk)
            _settle(due, now)
    return bool(taken)


def _settle(due: SettlementDue, now: datetime) -> None:
    chunk = RunChunk.objects.select_related("run__terms").get(pk=due.pk)
    terms = terms_of(chunk.run.terms)
    allowed = _allowed(terms.packs, chunk.run.incident_id)
    _lock_statuses(chunk.pk)
    found = _look_at(chunk.pk, allowed)
    for code, may in allowed.items():
        if may.left is not None:
            found = _stop_at_alarm(found, allowed, code, chunk.run.incident_id, now)
    ruled = [(one, _for_message(one, allowed)) for one in found]
    queued = _queued([one for one, why in ruled if isinstance(why, tuple) or one.undecided or one.message], terms)
    rulings = [replace(ruling, queued=queued) for _, ruling in ruled if isinstance(ruling, Ruling)]
    carry_out(rulings, terms, now=now)
    _move_the_others([(one, why) for one, why in ruled if not isinstance(why, Ruling)], queued, now)
    due.delete()
    if rulings:
        data = {"run": chunk.run_id, "chunk": chunk.number, "decisions": sum(len(one.answers.claims) for one in rulings)}
        Event.objects.create(at=now, kind="chunk_decided", data=data)


# --- what policies let be decided ---------------------------------------------------------------------


@dataclass(frozen=True)
class Allowed:
    """What of a policy may be decided by rule: up to how much in one unit, whether to reject, how many of a thousand are a
    sample, whether it is paused; `left`: how many more may be approved before the alarm of the cohort, None without one.
    """

    policy_id: int
    up_to: int | None
    reject: bool
    sample: int
    paused: bool
    left: int | None


def _allowed(packs: Iterable[Pack], incident_id: int) -> dict[str, Allowed]:
    """By code. Pausing a policy waits for who decides under it now, and later ones see the pause."""
    ids = dict(Policy.objects.filter(code__in=[pack.code for pack in packs]).values_list("code", "pk"))
    for policy_id in sorted(ids.values()):
        lock_policy(policy_id, alone=False)
    cohorts = Cohort.objects.filter(policy__in=ids.values(), incident=incident_id).order_by("policy").select_for_update()
    left = {cohort.policy_id: cohort.alarm_above - cohort.approved for cohort in cohorts}
    active = AutomaticPause.objects.filter(policy__in=ids.values(), lifted_at__isnull=True)  # after the cohorts are locked
    paused = {pause.policy_id for pause in active if pause.incident_id in (None, incident_id)}
    return {
        pack.code: Allowed(
            ids[pack.code], pack.approve_up_to, pack.body.automatic.reject, pack.body.automatic.sample_per_thousand,
            ids[pack.code] in paused, left.get(ids[pack.code]),
        )
        for pack in packs
    }  # fmt: skip


def is_sampled(policy: str, reference: str, per_thousand: int) -> bool:
    """Whether a claim is drawn: the same whoever asks, and whenever, as long as the secret stays. `LOOK_AT` says it in SQL."""
    digest = hashlib.sha256(f"{sample_seed(policy)}:{reference}".encode()).digest()
    return int.from_bytes(digest[:4]) % 1000 < per_thousand


# --- what a chunk's assessments say ---------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """Claims of which rules say the same, with their newest assessments. `gives`: policies that give something; `over` those
    of them that give more than they let be approved; `sampled`: policies whose sample these are; `says`: all that have a
    line; `undecided` and `refused`: why, with the outcome before the former. `differs`: another sum was paid. `by_person`: a
    person decided what stands, or undid a decision. `ruled`: a rule has decided this very assessment. `appeal`: why a person
    has to look at it although it is decided: an open appeal, a second look, documents. `has_twin`: a hint says that it may be
    another claim as well, or cannot be. `staff_word`: staff verified, corrected or added to what it says. `alarms`:
    policies whose cohort is full.
    """

    claims: list[int]
    assessments: list[int]
    review: str
    decision: str
    reasons: list[str]
    by_person: bool
    ruled: bool
    differs: bool
    says: list[str]
    gives: list[str]
    over: list[str]
    sampled: list[str]
    undecided: list[str]
    refused: list[str]
    appeal: str
    has_twin: bool
    staff_word: bool
    alarms: tuple[str, ...] = ()

    @property
    def message(self) -> bool:
        """Whether the claimant wrote something that nobody has answered."""
        return MESSAGE in self.reasons

    @property
    def approval(self) -> bool:
        """Whether it is to be approved, if it may be."""
        return bool(self.gives) and (self.differs or self.decision != DecisionStatus.APPROVED)


def _lock_statuses(chunk_id: int) -> None:
    """Of all its claims, in order. A statement of its own: what comes after sees what others did before they let go."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT 1 FROM claims_claimstatus s JOIN claims_assessment a ON a.claim_id = s.claim_id
                WHERE a.chunk_id = %s ORDER BY s.claim_id FOR NO KEY UPDATE OF s""",
            [chunk_id],
        )


def _look_at(chunk_id: int, allowed: dict[str, Allowed]) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, {"chunk": chunk_id, "reviews": list(BY_RULE)})
        claims, assessments = cursor.fetchone()
        if claims is None:
            return []
        differing = differing_claims(Answers(claims, assessments, approved=True))
        by = {
            "claims": claims, "assessments": assessments, "differing": differing,
            "policies": list(allowed), "up_to": [may.up_to for may in allowed.values()],
            "samples": [may.sample for may in allowed.values()], "seeds": [sample_seed(policy) for policy in allowed],
        }  # fmt: skip
        cursor.execute(LOOK_AT, by)
        return [Found(*row) for row in cursor.fetchall()]


# Of one chunk; without claims that wait to be assessed again. No lock keeps one from beginning to wait, and none has to: it is
# then decided now and corrected when it is assessed. It ends to wait with its next assessment, which is decided with the chunk
# of that, or in `standings_are_due`. And without those of which documents are awaited: whatever ends that makes them due again.
NEWEST = """
SELECT array_agg(a.claim_id ORDER BY a.claim_id), array_agg(a.id ORDER BY a.claim_id)
  FROM claims_assessment a
  JOIN claims_claimstatus s ON s.claim_id = a.claim_id AND s.review = ANY(%(reviews)s)
 WHERE a.chunk_id = %(chunk)s
   AND NOT EXISTS (SELECT 1 FROM claims_assessment n WHERE n.claim_id = a.claim_id AND n.run_id > a.run_id)
   AND NOT EXISTS (SELECT 1 FROM claims_reassessmentdue d WHERE d.claim_id = a.claim_id)
   AND NOT EXISTS (SELECT 1 FROM claims_evidencerequest q WHERE q.claim_id = a.claim_id AND q.state = 'open')"""

_KEPT = ", ".join(f"'{code}'" for code in (SECOND_LOOK, *EVIDENCE))
# Claims by what is said of them: few rows, however many claims. Lists are in order and without repetition.
LOOK_AT = f"""
WITH newest AS (
    SELECT n.id, n.claim_id, c.reference, s.review, s.decision, s.reasons,
           d.decided_by_id IS NOT NULL
           OR EXISTS (SELECT 1 FROM claims_decision x JOIN claims_decisionundone u ON u.decision_id = x.id
                       WHERE x.claim_id = n.claim_id) AS by_person,
           EXISTS (SELECT 1 FROM claims_decision x WHERE x.assessment_id = n.id AND x.decided_by_id IS NULL) AS ruled,
           coalesce((SELECT CASE x.kind WHEN 'appeal' THEN 'appealed' ELSE x.kind END FROM claims_appeal x
                      WHERE x.claim_id = n.claim_id AND x.state = 'open' LIMIT 1),
                    (SELECT x FROM unnest(s.reasons) x WHERE x IN ({_KEPT}) LIMIT 1),
                    '') AS appeal,
           {HAS_TWIN_SQL} AS has_twin,
           EXISTS (SELECT 1 FROM claims_claimrevision v JOIN accounts_user u ON u.id = v.author_id
                    WHERE v.claim_id = n.claim_id AND (v.cause = '{RevisionCause.CORRECTED}' OR v.number > 1)
                      AND u.person_id IS DISTINCT FROM c.person_id) AS staff_word
      FROM unnest(%(claims)s::bigint[], %(assessments)s::bigint[]) AS n(claim_id, id)
      JOIN claims_claim c ON c.id = n.claim_id
      JOIN claims_claimstatus s ON s.claim_id = n.claim_id
      LEFT JOIN claims_decision d ON d.id = s.stands_id
), policy AS (
    SELECT * FROM unnest(%(policies)s::text[], %(up_to)s::bigint[], %(samples)s::int[], %(seeds)s::text[])
                  AS p(code, up_to, sample, seed)
), line AS (
    SELECT n.claim_id, n.reference, p.code AS policy, e.outcome, e.reasons, e.unit, e.currency, e.quantity,
           {OWED_SQL} AS owed, {UNDECIDED_SQL} AS undecided
      FROM newest n
      JOIN claims_entitlementline e ON e.assessment_id = n.id
      LEFT JOIN claims_policyrule r ON r.id = e.rule_id
      LEFT JOIN claims_policyversion v ON v.id = r.version_id
      LEFT JOIN claims_policy p ON p.id = v.policy_id
), given AS (
    SELECT claim_id, policy, max(quantity) AS most
      FROM (SELECT claim_id, policy, sum(quantity) AS quantity FROM line WHERE owed AND quantity > 0
             GROUP BY claim_id, policy, unit, currency) g
     GROUP BY claim_id, policy
), gives AS (
    SELECT claim_id, array_agg(policy ORDER BY policy) AS gives,
           array_agg(policy ORDER BY policy) FILTER (WHERE most > p.up_to) AS over
      FROM given JOIN policy p ON p.code = policy GROUP BY claim_id
), says AS (
    SELECT claim_id, array_agg(DISTINCT policy) AS says,
           array_agg(DISTINCT policy) FILTER (
               WHERE ('x' || left(encode(sha256(convert_to(p.seed || ':' || reference, 'UTF8')), 'hex'), 8))::bit(32)::bigint
                     %% 1000 < p.sample) AS sampled
      FROM line JOIN policy p ON p.code = policy GROUP BY claim_id
), undecided AS (
    SELECT claim_id, array_agg(DISTINCT outcome || coalesce(':' || reason, '')) AS undecided
      FROM line LEFT JOIN LATERAL unnest(line.reasons) reason ON true WHERE line.undecided GROUP BY claim_id
), refused AS (
    SELECT claim_id, array_agg(DISTINCT reason) AS refused
      FROM line CROSS JOIN LATERAL unnest(line.reasons) reason WHERE outcome = 'not_eligible' GROUP BY claim_id
)
SELECT array_agg(n.claim_id ORDER BY n.claim_id), array_agg(n.id ORDER BY n.claim_id), n.review, n.decision, n.reasons,
       n.by_person, n.ruled, n.claim_id = ANY(%(differing)s::bigint[]) AS differs, coalesce(says, '{{}}') AS says,
       coalesce(gives, '{{}}') AS gives, coalesce(over, '{{}}') AS over, coalesce(sampled, '{{}}') AS sampled,
       coalesce(undecided, '{{}}') AS undecided, coalesce(refused, '{{}}') AS refused, n.appeal, n.has_twin,
       n.staff_word
  FROM newest n LEFT JOIN says USING (claim_id) LEFT JOIN gives USING (claim_id) LEFT JOIN undecided USING (claim_id)
  LEFT JOIN refused USING (claim_id)
 GROUP BY n.review, n.decision, n.reasons, n.by_person, n.ruled, differs, says, gives, over, sampled, undecided, refused,
          n.appeal, n.has_twin, n.staff_word
 ORDER BY 1"""  # noqa: S608 - constants


# --- the rule -------------------------------------------------------------------------------------------

TWIN = "twin"
CLOSE = "close"  # nothing is left to do
NOTHING = "nothing"
ForPeople = tuple[str, ...]  # codes: why a person has to look


def _for_message(found: Found, allowed: dict[str, Allowed]) -> Ruling | ForPeople | str:
    """Rules decide what was lost all the same, and the claim stays in the queue until its message is answered."""
    if not found.message:
        return _rule(found, allowed)
    only = found.reasons == [MESSAGE] and found.review == ReviewStatus.QUEUED
    why = _rule(replace(found, review=ReviewStatus.CLOSED) if only else found, allowed)
    if isinstance(why, Ruling):
        return replace(why, review=ReviewStatus.QUEUED, open=(*why.open, MESSAGE))
    if why == NOTHING:
        return NOTHING
    return (MESSAGE,) if why == CLOSE else (*why, MESSAGE)


def _rule(found: Found, allowed: dict[str, Allowed]) -> Ruling | ForPeople | str:
    """What becomes of assessments that say the same."""
    if found.appeal:  # and whatever else a person would have to look at, were it closed
        others = _rule(replace(found, appeal="", review=ReviewStatus.CLOSED), allowed)
        return (found.appeal, *others) if isinstance(others, tuple) else (found.appeal,)
    stops = _stops(found, allowed)
    if found.approval and not found.ruled:
        return (*stops, *found.undecided) if stops else _approved(found)
    by_person = found.by_person or found.decision == DecisionStatus.ANSWERED
    answered = found.decision != DecisionStatus.UNDECIDED and not found.differs and found.review == ReviewStatus.CLOSED
    if found.ruled or (answered and (by_person or not found.undecided)):
        # A rule has spoken on it, so whoever opened the claim again wants a person; or it says what was answered, and what was
        # undecided of it was so when a person closed it.
        return NOTHING
    if found.undecided or not found.says:
        return tuple(found.undecided) or (NOTHING_TO_ASSESS,)
    if found.gives:  # approved, and paid
        return NOTHING if by_person else CLOSE
    return stops or _rejected(found)


def _approved(found: Found) -> Ruling:
    answers = Answers(found.claims, found.assessments, approved=True)
    review = ReviewStatus.QUEUED if found.undecided else ReviewStatus.CLOSED
    return Ruling(answers, (), review, found.undecided, "claim_approved")


def _rejected(found: Found) -> Ruling:
    answers = Answers(found.claims, found.assessments, approved=False)
    return Ruling(answers, found.refused or ("nothing_owed",), ReviewStatus.CLOSED, (), "claim_rejected")


def _stops(found: Found, allowed: dict[str, Allowed]) -> ForPeople:
    """All reasons why no rule may decide this, each with its policy."""
    stops = [found.appeal] if found.appeal else []
    stops += ["decided_by_person"] if found.by_person else []
    stops += ["staff_word"] if found.staff_word else []
    stops += [TWIN] if found.has_twin and found.gives else []
    for policy in found.gives or found.says:
        may = allowed[policy]
        if may.up_to is None if found.gives else not may.reject:
            stops.append(f"not_automatic:{policy}")
        if policy in found.over:
            stops.append(f"over_limit:{policy}")
        if may.paused:
            stops.append(f"paused:{policy}")
        if policy in found.sampled:
            stops.append(f"sample:{policy}")
        if policy in found.alarms:
            stops.append(f"alarm:{policy}")
    return tuple(stops)


def _stop_at_alarm(found: list[Found], allowed: dict[str, Allowed], code: str, incident_id: int, now: datetime) -> list[Found]:
    """As many of them as the cohort still takes; the others meet its alarm, which pauses the cohort for whoever comes next."""
    left = allowed[code].left or 0
    taken = 0
    parted: list[Found] = []
    for one in found:
        counts = code in one.gives and one.approval and not _stops(one, allowed) and one.decision != DecisionStatus.APPROVED
        fits = min(len(one.claims), left - taken) if counts else len(one.claims)
        taken += fits if counts else 0
        if fits:
            parted.append(replace(one, claims=one.claims[:fits], assessments=one.assessments[:fits]))
        if fits < len(one.claims):
            rest = replace(one, claims=one.claims[fits:], assessments=one.assessments[fits:], alarms=(*one.alarms, code))
            parted.append(rest)
    cohort = Cohort.objects.filter(policy=allowed[code].policy_id, incident=incident_id)
    cohort.update(approved=F("approved") + taken)
    if any(code in one.alarms for one in parted):
        AutomaticPause.objects.create(policy_id=allowed[code].policy_id, incident_id=incident_id, set_at=now)
        data = {"policy": code, "incident": incident_id, "approved": cohort.get().approved}
        Event.objects.create(at=now, kind="cohort_alarm", data=data)
    return parted


# --- what no rule decides ---------------------------------------------------------------------------------


def _move_the_others(ruled: Sequence[tuple[Found, ForPeople | str]], queued: Mapping[int, Queued], now: datetime) -> None:
    """Into the queue of people, with all reasons; out of it where nothing is left to do."""
    moves: list[Move] = []
    for found, why in ruled:
        if why == NOTHING or (why != CLOSE and found.review == ReviewStatus.AWAITING_CLAIMANT):
            continue
        reasons = () if why == CLOSE else tuple(why)
        kind, review = ("claim_queued", ReviewStatus.QUEUED) if reasons else ("claim_closed", ReviewStatus.CLOSED)
        if (review, list(reasons)) != (found.review, found.reasons):
            moves += [
                Move(
                    claim,
                    kind,
                    review=review,
                    reasons=reasons,
                    queued=queued.get(claim),
                    data={"assessment": assessment, "why": list(reasons)},
                )
                for claim, assessment in zip(found.claims, found.assessments, strict=True)
            ]
    make_moves(moves, actor=None, now=now)


def _queued(found: Sequence[Found], terms: Terms) -> dict[int, Queued]:
    """By claim, what the queue of people is searched by. Two queries."""
    claims = [claim for one in found for claim in one.claims]
    if not claims:
        return {}
    packs = {pack.code: pack for pack in terms.packs}
    assessments = [assessment for one in found for assessment in one.assessments]
    rises: dict[int, Counter[str]] = defaultdict(Counter)
    for difference in differences_of(Answers(claims, assessments, approved=True)):
        if difference.quantity > 0 and difference.currency:
            rises[difference.claim_id][difference.currency] += difference.quantity
    filed = {pk: at.astimezone(SEOUL).date() for pk, at in Claim.objects.filter(pk__in=claims).values_list("pk", "filed_at")}
    queued = {}
    for one in found:
        kind = ClaimKind.CLAIM if one.says else ClaimKind.IMPACT
        promised = [packs[code] for code in one.says]
        for claim in one.claims:
            currency, amount = max(rises[claim].items(), key=itemgetter(1), default=("", None))
            queued[claim] = Queued(kind, amount, currency, answer_due(filed[claim], promised))
    return queued


# --- what is due ------------------------------------------------------------------------------------------


def settlement_is_due(chunk_id: int, *, now: datetime) -> None:
    """In the transaction that assesses the chunk."""
    SettlementDue.objects.create(chunk_id=chunk_id, created_at=now)
    hints.write_hint(hints.FOLLOW_UP, now=now)


def standings_are_due(claim_ids: Sequence[int], *, now: datetime) -> None:
    """The claims' newest assessments stand: those that they were left for cannot be made. In the transaction that says so, and
    once in it: two that wait for each other's chunks would not end.

    Waits for who settles a chunk now, may have left the claim out, and will have deleted the row.
    """
    newest = Assessment.objects.filter(claim__in=claim_ids).order_by("claim_id", "-run_id").distinct("claim_id")
    if chunks := set(newest.values_list("chunk", flat=True)):
        settle_again(list(chunks), now=now)


def settle_again(chunk_ids: Sequence[int], *, now: datetime, wait: bool = True) -> None:
    """Let rules look at the assessments of these chunks once more. `wait`: for who looks right now and may have passed by what
    has changed; who holds what they still need must not.
    """
    again = [SettlementDue(chunk_id=chunk_id, created_at=now) for chunk_id in sorted(chunk_ids)]
    if wait:
        SettlementDue.objects.bulk_create(again, update_conflicts=True, unique_fields=["chunk"], update_fields=["created_at"])
    else:
        SettlementDue.objects.bulk_create(again, ignore_conflicts=True)
    hints.write_hint(hints.FOLLOW_UP, now=now)


def unsettled_chunks(claim_ids: Sequence[int]) -> list[int]:
    """Chunks whose assessments no rule has looked at although nothing says that they are due: of claims that were just
    received, or that are closed although their newest assessment owes another sum than was paid. What people have in hand
    may.
    """
    with connection.cursor() as cursor:
        cursor.execute(UNSETTLED, [list(claim_ids)])
        rows = cursor.fetchall()
    missed = {chunk for chunk, _, _, _, is_new in rows if is_new}
    for approved in (True, False):
        closed = [row for row in rows if row[3] is approved and not row[4]]
        answers = Answers([row[1] for row in closed], [row[2] for row in closed], approved=approved)
        differing = set(differing_claims(answers)) if closed else set()
        missed |= {chunk for chunk, claim, *_ in closed if claim in differing}
    return sorted(missed)


UNSETTLED = """
SELECT a.chunk_id, s.claim_id, a.id, d.assessment_id IS DISTINCT FROM a.id OR d.approved, s.review = 'received'
  FROM unnest(%s::bigint[]) wanted(id)
  JOIN claims_claimstatus s ON s.claim_id = wanted.id AND s.review IN ('received', 'closed')
 CROSS JOIN LATERAL (SELECT id, chunk_id FROM claims_assessment a WHERE a.claim_id = wanted.id
                      ORDER BY a.run_id DESC LIMIT 1) a
  LEFT JOIN claims_decision d ON d.id = s.stands_id
 WHERE NOT EXISTS (SELECT 1 FROM claims_settlementdue x WHERE x.chunk_id = a.chunk_id)"""

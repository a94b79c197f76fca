"""What the database refuses to the application role, whoever asks, and however."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, models, transaction

from claims.models import (
    AppealPoint,
    Assessment,
    Attestation,
    AuthorityLimit,
    CaseView,
    ChainLink,
    Claim,
    ClaimEntry,
    ClaimRevision,
    Decision,
    DecisionUndone,
    DraftRevision,
    EntitlementLine,
    Event,
    EvidenceAnswer,
    EvidenceFile,
    EvidenceLetter,
    EvidenceReview,
    EvidenceSubject,
    Fact,
    FactEvidence,
    Goodwill,
    GoodwillOffer,
    Letter,
    LetterCopy,
    Loss,
    LossStanding,
    PaymentRun,
    Payout,
    PolicyRule,
    PolicyVersion,
    ReplyVersion,
    RunChunk,
    Usage,
    WebhookAttempt,
    WebhookEvent,
)
from claims.operations import (
    plan_runs,
)
from tests.builders import (
    NOW,
    a_person,
    claim_of,
    outage,
)
from tests.claims.stored_cast import store_a_row_in_each

APPEND_ONLY: list[Any] = [model for model in apps.get_app_config("claims").get_models() if getattr(model, "append_only", False)]
DISPUTABLE = [Usage, Loss, Fact, ClaimRevision, Assessment, EntitlementLine, Event, PolicyVersion, PolicyRule, DraftRevision]
DISPUTABLE += [Payout, Letter, CaseView, ChainLink, Decision, DecisionUndone, AuthorityLimit, PaymentRun, AppealPoint, Goodwill]
DISPUTABLE += [GoodwillOffer, ReplyVersion, ClaimEntry, LossStanding, LetterCopy, Attestation, WebhookEvent, WebhookAttempt]
DISPUTABLE += [EvidenceFile, EvidenceAnswer, EvidenceReview, EvidenceSubject, FactEvidence, EvidenceLetter]


@pytest.fixture(scope="module")
def stored_once(db_of_module: None) -> None:
    store_a_row_in_each()


@pytest.fixture
def stored(stored_once: None, db: None) -> None:
    """For a test that rolls back what it does to it."""


def test_everything_in_dispute_is_append_only():
    assert set(DISPUTABLE) <= set(APPEND_ONLY)


WAYS: dict[str, Callable[[Any], object]] = {
    "orm update": lambda m: m._default_manager.update(**{m._meta.pk.name: 1}),
    "orm delete": lambda m: m._default_manager.first().delete(),
    "sql update": lambda m: _sql(f"UPDATE {m._meta.db_table} SET {m._meta.pk.column} = {m._meta.pk.column}"),
    "sql delete": lambda m: _sql(f"DELETE FROM {m._meta.db_table}"),
    "sql truncate": lambda m: _sql(f"TRUNCATE {m._meta.db_table} CASCADE"),
}


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda m: m.__name__)
def test_refuses_change(stored: None, model: Any):
    before = list(model._default_manager.order_by("pk").values())
    assert before
    for way, change in WAYS.items():
        with pytest.raises((ProgrammingError, models.ProtectedError)) as refused, transaction.atomic():
            change(model)
        assert isinstance(refused.value, models.ProtectedError) or "permission denied" in str(refused.value), way
        assert list(model._default_manager.order_by("pk").values()) == before, way


@pytest.mark.parametrize(
    ("table", "columns", "constraint"),
    [
        ("usage", "end_at = start_at", "usage_ends_after_start"),
        ("usage", "start_at = '0001-01-01'", "start_at_in_range"),
        ("usage", "charge_minor = -1, currency = 'KRW'", "usage_charge_is_not_negative"),
        ("usage", "currency = 'won'", "usage_charge_has_a_currency"),
        ("usage", "external_id = external_id", "partner_reports_a_usage_once"),
        ("usage", "ride = 'r'", "usage_names_a_ride_if_and_only_if_a_lock"),
        ("usage", "kind = 'lock'", "usage_names_a_ride_if_and_only_if_a_lock"),
        (
            "usage",
            "kind = 'lock', ride = 'r', end_at = NULL, charge_minor = 1, currency = 'KRW'",
            "usage_of_a_lock_is_an_instant",
        ),
        ("usage", "kind = 'lock', ride = 'r'", "usage_of_a_lock_is_an_instant"),
        ("usageimport", "state = 'done'", "import_is_finished_if_and_only_if_ended"),
        ("usageimport", "finished_at = now()", "import_is_finished_if_and_only_if_ended"),
        ("usageimport", "sent_at = NULL", "import_begins_once_all_is_sent"),
        ("usageimport", "sha256 = ''", "import_begins_once_all_is_sent"),
        ("usageimport", "mode = 'some'", "mode_is_known"),
        ("usageimport", "phase = 'some'", "import_phase_is_known"),
        ("importpart", "number = number", "import_has_a_part_once"),
        ("importpart", "number = 0", "import_part_is_counted_from_one"),
        ("importpart", "number = 9, state = 'lost'", "state_is_known"),
        ("claim", "reference = 'C-ILOU-0000'", "claim_reference_is_crockford_base32"),
        ("claim", "reference = 'C-0000-0000'", "person_has_one_claim_per_incident"),
        ("loss", "end_at = start_at - interval '1 second'", "loss_ends_after_start"),
        ("loss", "end_at = '2100-01-01'", "end_at_in_range"),
        ("loss", "origin = 'derived'", "loss_has_a_usage_if_and_only_if_derived"),
        ("fact", "text_value = 'both'", "fact_has_one_value"),
        ("fact", "int_value = NULL", "fact_has_one_value"),
        ("fact", "int_value = NULL, text_value = E'a\\x1eb'", "fact_text_is_printable"),
        ("claimrevision", "number = number", "claim_has_a_revision_once"),
        ("assessment", "id = -1", "run_assesses_a_claim_once"),
        ("entitlementline", "quantity = -1", "line_quantity_is_not_negative"),
        ("entitlementline", "currency = 'KR1'", "line_currency_is_three_capitals"),
        ("entitlementline", "position = position", "assessment_has_a_line_position_once"),
        ("assessmentrun", "due_after = due_horizon", "run_answers_a_span_of_due_rows"),
        ("runchunk", "number = 99, state = 'lost'", "state_is_known"),
        ("policyversion", "number = number", "policy_version_number_is_given_once"),
    ],
)
def test_refuses_nonsense_by_sql(stored: None, table: str, columns: str, constraint: str):
    """A copy of a stored row with one thing wrong."""
    wrong = dict(part.split(" = ", 1) for part in columns.split(", ") if " = " in part)
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [f"claims_{table}"])
        names = [name for (name,) in cursor.fetchall() if name != "id" or "id" in wrong]
        values = ", ".join(wrong.get(name, f'"{name}"') for name in names)
        quoted = ", ".join(f'"{name}"' for name in names)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            cursor.execute(f"INSERT INTO claims_{table} ({quoted}) SELECT {values} FROM claims_{table} LIMIT 1")


def test_open_runs_never_share_due_rows(stored: None):
    statement = """INSERT INTO claims_assessmentrun (incident_id, terms_id, due_after, due_horizon, total, state, planned_at)
                   SELECT incident_id, terms_id, %s, %s, 1, 'open', planned_at FROM claims_assessmentrun LIMIT 1"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [100, 200])
        cursor.execute(statement, [200, 300])
        with pytest.raises(IntegrityError, match="open_runs_of_an_incident_share_no_due_rows"), transaction.atomic():
            cursor.execute(statement, [199, 201])


def test_the_application_role_makes_no_tables(db: None):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        _sql("CREATE TABLE mine (id int)")


def test_queues_can_be_worked_off(stored: None):
    claim_of(a_person(), outage())
    plan_runs(now=NOW)
    assert RunChunk.objects.filter(state="todo").update(attempts=1)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM claims_runchunk",
        "DELETE FROM claims_assessmentrun",
        "DELETE FROM claims_claim",
        "DELETE FROM accounts_person",
        "DELETE FROM accounts_partner",
        "DELETE FROM services_service",
        "UPDATE claims_claim SET filed_at = now()",
        "UPDATE claims_assessmentrun SET terms_id = terms_id",
        "UPDATE claims_runchunk SET run_id = run_id",
        "UPDATE services_service SET code = code",
    ],
)
def test_what_assessments_and_usage_point_at_stays(stored: None, sql: str):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_claim_can_be_locked_but_not_changed(stored: None):
    assert Claim.objects.select_for_update().first() is not None
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        Claim.objects.update(origin="partner")


@pytest.mark.parametrize("change", ["lines = 99", "claims = 99", "worker = 'me'", "state = 'todo'", "done_at = now()"])
def test_a_done_chunk_is_never_changed(stored: None, change: str):
    with pytest.raises(IntegrityError, match="closed_for_ever"), transaction.atomic():
        _sql(f"UPDATE claims_runchunk SET {change}")


def test_a_done_run_is_never_opened_again(stored: None):
    with pytest.raises(IntegrityError, match="closed_for_ever"), transaction.atomic():
        _sql("UPDATE claims_assessmentrun SET state = 'open', finished_at = NULL")


def test_an_import_that_has_ended_stays_as_it_is(stored: None):
    _sql("UPDATE claims_importpart SET state = 'done', done_at = now()")
    with pytest.raises(IntegrityError, match="closed_for_ever"), transaction.atomic():
        _sql("UPDATE claims_importpart SET stored = 9")
    _sql("UPDATE claims_usageimport SET state = 'cancelled', finished_at = now()")
    with pytest.raises(IntegrityError, match="closed_for_ever"), transaction.atomic():
        _sql("UPDATE claims_usageimport SET state = 'open', finished_at = NULL")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        _sql("UPDATE claims_usageimport SET mode = 'per_row'")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        _sql("DELETE FROM claims_usageimport")


@pytest.mark.parametrize(
    "columns",
    [
        {"claim": 1, "incident": None},
        {"claim": 1, "incident": 1, "first": 1, "last": 2},
        {"first": 2, "last": 1},
        {"first": None, "last": None},
        {"first": 1, "last": 2, "since": 1},
    ],
)
def test_a_derivation_is_of_one_thing(db: None, columns: dict[str, int | None]):
    values = {"claim": None, "incident": None, "first": None, "last": None, "since": None, **columns}
    with pytest.raises(IntegrityError, match="derivation_"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO claims_derivationdue (claim_id, incident_id, first_usage_id, last_usage_id, since_id,
                                                attempts, last_error, created_at)
               VALUES (%(claim)s, %(incident)s, %(first)s, %(last)s, %(since)s, 0, '', now())""",
            values,
        )

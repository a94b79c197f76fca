"""Which text is which lock, and which races must be lost without it. `tests.race.unlocked` tries it."""

from __future__ import annotations

from dataclasses import dataclass

Edit = tuple[str, str, str]  # as the first three of a Removal


@dataclass(frozen=True)
class Removal:
    """`stands`: the text of the lock, once in the file; `without`: what is there when it is gone. `tests`: all that fail then,
    of a test with several cases each case, or the one in brackets. `also`: what is taken out together with it, where each
    of them would do alone.
    """

    file: str
    stands: str
    without: str
    tests: tuple[str, ...]
    also: tuple[Edit, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        return ((self.file, self.stands, self.without), *self.also)


# Those that are needed twice.
PAYEE = ("accounts/operations/payees.py", "    lock_person(person.pk)\n", "")
ROLES = ("accounts/operations/roles.py", 'cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])', "pass")
STAFF = ("accounts/operations/roles.py", "select_for_update(no_key=True).filter(pk=user_id", "filter(pk=user_id")
HORIZON = (
    "claims/operations/assessment.py",
    "id > %s AND id <= %s\n               RETURNING", "id > %s AND %s IS NOT NULL\n               RETURNING",
)  # fmt: skip
CORRECTING = (
    "claims/operations/corrections.py",
    "    status = lock_status(claim_id, moves=moves)\n", "    status = ClaimStatus.objects.get(pk=claim_id)\n",
)  # fmt: skip
FILING = ("claims/operations/intake.py", "lock_person(person.pk)  # whoever", "pass  # whoever")
LOSING = ("claims/operations/losses.py", "    lock_claim(claim_id)\n", "")
ONE_CLAIM = ("claims/operations/intake.py", "ON CONFLICT DO NOTHING RETURNING id, incident_id", "RETURNING id, incident_id")
PERSON = ("claims/operations/payees.py", "    lock_person(person_id)\n", "")
THEIR_CLAIMS = ("claims/operations/payees.py", "    lock_statuses(claims)\n", "")

REMOVALS = (
    Removal(
        "accounts/operations/apps.py",
        'User.objects.select_for_update(no_key=True, of=("self",)).filter(pk=user.pk', "User.objects.filter(pk=user.pk",
        (
            "test_apps.py::test_what_is_given_meanwhile_goes_with_the_rest[withdrawn]",
            "test_apps.py::test_for_what_went_meanwhile_nothing_is_given",
            "test_apps.py::test_of_two_who_come_with_the_same_one_has_tokens_and_neither_keeps_them[refresh]",
        ),
    ),
    Removal(
        "accounts/operations/guests.py",
        "    lock_person(person.pk)\n", "",
        ("test_api.py::test_of_two_corrections_at_once_one_is_of_what_was_read",),
    ),
    Removal(
        "accounts/operations/own.py",
        'User.objects.select_for_update(no_key=True, of=("self",)).filter(pk=user.pk', "User.objects.filter(pk=user.pk",
        (
            "test_own.py::test_one_whose_code_comes_back_makes_way_no_more",
            "test_own.py::test_one_whose_code_comes_back_is_not_begun_anew",
            "test_own.py::test_one_that_makes_way_is_not_entered",
            "test_own.py::test_of_two_who_keep_at_once_one_does",
            "test_own.py::test_one_that_is_closed_is_not_entered_and_keeps_nobody",
            "test_own.py::test_what_it_keeps_while_it_is_closed_goes_with_the_rest",
        ),
    ),
    Removal(
        "accounts/operations/own.py",
        '_begun().select_for_update(of=("self",)).filter(email=address)', "_begun().filter(email=address)",
        (
            "test_own.py::test_one_whose_code_comes_back_makes_way_no_more",
            "test_own.py::test_one_whose_code_comes_back_is_not_begun_anew",
            "test_own.py::test_one_that_makes_way_is_not_begun_anew",
        ),
    ),
    Removal(
        "accounts/operations/own.py",
        '_begun().select_for_update(of=("self",)).filter(begun_at__lt=old)', "_begun().filter(begun_at__lt=old)",
        ("test_own.py::test_one_that_is_begun_anew_or_entered_is_not_forgotten",),
    ),
    Removal(
        "accounts/operations/own.py",
        'User.objects.select_for_update(of=("self",)).filter(pk=user.pk', "User.objects.filter(pk=user.pk",
        ("test_own.py::test_an_account_that_is_moved_twice_at_once_is_moved_once",),
    ),
    Removal(
        "accounts/operations/own.py",
        "except IntegrityError as taken", "except ZeroDivisionError as taken",
        ("test_own.py::test_of_two_accounts_that_are_moved_to_one_address_at_once_one_is",),
    ),
    Removal(
        "accounts/operations/own.py",
        'User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)', "User.objects.get(pk=user.pk)",
        (
            "test_own.py::test_an_account_that_is_closed_twice_at_once_is_closed_once",
            "test_own.py::test_what_it_keeps_while_it_is_closed_goes_with_the_rest",
        ),
    ),
    Removal(
        "accounts/operations/own.py",
        "    lock_person(person_id)\n", "",
        ("test_own.py::test_of_two_who_let_go_at_once_one_does",),
    ),
    Removal(
        "accounts/operations/partner_people.py",
        "    ON CONFLICT DO NOTHING RETURNING", "    RETURNING",
        ("test_partner_people.py::test_the_same_new_people_are_made_once",),
    ),
    Removal(
        "accounts/operations/partner_people.py",
        "sorted(set(external_ids))", "list(dict.fromkeys(external_ids))",
        ("test_partner_people.py::test_in_whatever_order_they_are_named_nobody_waits_in_a_circle",),
    ),
    Removal(
        "accounts/operations/partners.py",
        "select_for_update(no_key=True).filter(pk=partner_id)", "filter(pk=partner_id)",
        ("test_accounts.py::test_a_partner_has_two_live_credentials_whoever_comes_at_once",),
    ),
    Removal(
        *PAYEE,
        ("test_payees.py::test_a_double_click_is_one",),
        (PERSON,),
    ),
    Removal(
        *ROLES,
        (
            "test_accounts.py::test_of_two_who_confirm_at_once_one_does",
            "test_accounts.py::test_a_change_is_confirmed_or_returned",
            "test_accounts.py::test_managers_do_not_send_each_other_away_at_once",
        ),
    ),
    Removal(
        *ROLES,
        ("test_accounts.py::test_of_two_who_propose_at_once_one_does",),
        (STAFF,),
    ),
    Removal(
        *STAFF,
        ("test_accounts.py::test_a_first_password_is_set_once",),
    ),
    Removal(
        "accounts/operations/staff.py",
        "except IntegrityError as taken", "except ZeroDivisionError as taken",
        ("test_own.py::test_of_two_who_sign_up_with_one_address_at_once_the_second_is_told_so",),
    ),
    Removal(
        "claims/operations/access.py",
        "AccessCode.objects.select_for_update().filter(pk=key)", "AccessCode.objects.filter(pk=key)",
        ("test_mail.py::test_a_code_is_tried_five_times_from_however_many_browsers",),
    ),
    Removal(
        "claims/operations/answers.py",
        "if not cursor.fetchone()[0]:", "if not cursor.fetchone():",
        ("test_api.py::test_the_same_key_makes_one_claim_and_gets_one_answer",),
    ),
    Removal(
        "claims/operations/asked_mails.py",
        "    lock_address(address)\n", "",
        (
            "test_mail.py::test_of_many_at_once_no_more_codes_are_asked_for_than_an_hour_allows",
            "test_mail.py::test_of_many_at_once_no_more_mails_go_to_an_account_than_an_hour_allows",
        ),
    ),
    Removal(
        "claims/operations/assessment.py",
        "run = AssessmentRun.objects.select_for_update()", "run = AssessmentRun.objects",
        (
            "test_runs.py::test_of_two_last_chunks_one_worker_closes_the_run",
            "test_runs.py::test_two_workers_that_finish_at_the_same_time_record_it_once",
        ),
    ),
    Removal(
        "claims/operations/assessment.py",
        'chunks.select_for_update(skip_locked=skip_locked, of=("self",)).first()', "chunks.first()",
        (
            "test_runs.py::test_two_workers_with_one_chunk",
            "test_runs.py::test_new_terms_wait_for_the_chunk_that_is_being_computed",
        ),
    ),
    Removal(
        "claims/operations/assessment.py",
        " FOR UPDATE OF c SKIP LOCKED", "",
        ("test_runs.py::test_two_workers_assess_each_claim_once",),
    ),
    Removal(
        *HORIZON,
        ("test_runs.py::test_a_revision_between_planning_and_chunk_is_read_or_stays_due",),
    ),
    Removal(
        "claims/operations/assessment.py",
        "        claim_ids = _answer_due(cursor, chunk)\n        loaded = load_batch(cursor, claim_ids, terms)\n",
        "        loaded = load_batch(cursor, _due_claims(chunk), terms)\n        _answer_due(cursor, chunk)\n",
        ("test_runs.py::test_a_revision_that_commits_while_the_chunk_is_computed_is_not_swallowed",),
        (HORIZON,),
    ),
    Removal(
        "claims/operations/attestations.py",
        "bulk_create([made], ignore_conflicts=True)", "bulk_create([made])",
        ("test_attestations.py::test_of_two_who_ask_at_once_both_get_the_first",),
    ),
    Removal(
        "claims/operations/audit.py",
        'if not try_lock("chain"):', "if False:",
        ("test_chain.py::test_of_two_who_link_at_once_one_does",),
    ),
    Removal(
        "claims/operations/authority.py",
        "    lock_policy(found.pk, alone=True)\n", "",
        ("test_decisions.py::test_once_a_policy_is_paused_no_rule_decides_any_more",),
    ),
    Removal(
        "claims/operations/bulk.py",
        'items.select_for_update(no_key=True, skip_locked=True, of=("self",))[:most]', "items[:most]",
        ("test_queue.py::test_two_workers_decide_each_claim_of_a_bulk_run_once_and_end_it_once",),
    ),
    Removal(
        "claims/operations/bulk.py",
        "    lock_statuses(item.claim_id for item in items)\n", "",
        ("test_queue.py::test_a_claim_is_decided_by_hand_or_in_bulk",),
    ),
    Removal(
        "claims/operations/bulk.py",
        "select_for_update(no_key=True).filter(pk=run_id, state=BulkState.OPEN)", "filter(pk=run_id, state=BulkState.OPEN)",
        ("test_queue.py::test_two_workers_decide_each_claim_of_a_bulk_run_once_and_end_it_once",),
    ),
    Removal(
        "claims/operations/corrections.py",
        "    claim = lock_claim(claim_id)\n", "    claim = Claim.objects.get(pk=claim_id)\n",
        (
            "test_corrections.py::test_a_correction_that_is_sent_from_two_tabs_at_once_is_one",
            "test_corrections.py::test_of_two_corrections_at_once_the_second_is_of_what_is_not_there_any_more",
        ),
        (CORRECTING,),
    ),
    Removal(
        *CORRECTING,
        (
            "test_corrections.py::test_nothing_is_taken_back_of_what_is_being_decided",
            "test_corrections.py::test_nothing_is_chosen_of_what_is_being_decided",
        ),
    ),
    Removal(
        "claims/operations/deliveries.py",
        "waiting.select_for_update(skip_locked=True, no_key=True).first()", "waiting.first()",
        ("test_webhooks.py::test_of_two_workers_one_calls_an_endpoint",),
    ),
    Removal(
        "claims/operations/derivation.py",
        'if try_lock("derivation"):', "if True:",
        ("test_runs.py::test_of_two_derivers_one_does_the_work",),
    ),
    Removal(
        "claims/operations/derivation.py",
        "DerivationDue.objects.filter(pk__in=[due.pk for due in waiting]).delete()",
        "DerivationDue.objects.filter(claim__isnull=False).delete()",
        ("test_runs.py::test_a_claim_told_while_others_are_derived_stays_due",),
    ),
    Removal(
        "claims/operations/derive.py",
        '    lock_incident(incident.pk, "derive")\n', "",
        (
            "test_runs.py::test_deriving_twice_at_once_adds_each_loss_once",
            "test_ride_locks.py::test_a_lock_that_comes_while_its_ride_is_derived_meets_what_that_gave",
        ),
    ),
    Removal(
        "claims/operations/derive.py",
        'order_by("pk").select_for_update(no_key=True)', 'order_by("pk")',
        ("test_losses.py::test_what_is_put_back_after_its_ride_made_a_loss_is_refused",),
    ),
    Removal(
        "claims/operations/derive.py",
        "for again in (NO_FACTS_TWICE, NO_RIDE_TWICE):", "for again in (NO_FACTS_TWICE,):",
        ("test_losses.py::test_what_is_put_back_while_its_ride_is_derived_is_the_only_one_paid[it makes a loss]",),
    ),
    Removal(
        "claims/operations/derive.py",
        "for again in (NO_FACTS_TWICE, NO_RIDE_TWICE):", "for again in (NO_RIDE_TWICE,):",
        (
            "test_losses.py::test_what_is_put_back_while_its_ride_is_derived_is_the_only_one_paid[it meets another told loss]",
            "test_losses.py::test_what_is_put_back_while_its_ride_is_derived_is_the_only_one_paid[its own loss is put back]",
        ),
    ),
    Removal(
        "claims/operations/disputes.py",
        'if not try_lock("disputes") or _counted_lately(now):', "if _counted_lately(now):",
        ("test_disputes.py::test_two_counters_are_one",),
    ),
    Removal(
        "claims/operations/disputes.py",
        "list(disputes.select_for_update(no_key=True))", "list(disputes.all())",
        ("test_disputes.py::test_a_dispute_answered_while_it_is_counted_stays_as_it_was_answered",),
    ),
    Removal(
        "claims/operations/disputes.py",
        '"service").select_for_update(no_key=True, of=("self",))', '"service")',
        ("test_disputes.py::test_of_two_who_answer_the_second_is_told",),
    ),
    Removal(
        "claims/operations/drafts.py",
        "select_for_update(no_key=True).filter(pk=draft_id)", "filter(pk=draft_id)",
        (
            "test_drafts.py::test_of_two_publishers_one_publishes",
            "test_drafts.py::test_of_two_writers_the_second_is_told",
            "test_drafts.py::test_what_is_published_is_what_was_read",
        ),
    ),
    Removal(
        "claims/operations/endpoints.py",
        "Partner.objects.select_for_update(no_key=True).filter(pk=partner_id)", "Partner.objects.filter(pk=partner_id)",
        ("test_webhooks.py::test_a_partner_has_no_more_endpoints_than_it_may_whoever_comes_at_once",),
    ),
    Removal(
        "claims/operations/endpoints.py",
        'select_related("partner").select_for_update(no_key=True, of=("self",)).first()', 'select_related("partner").first()',
        ("test_webhooks.py::test_of_two_who_change_one_version_at_once_the_second_is_told",),
    ),
    Removal(
        "claims/operations/entering.py",
        "    lock_entry(key)\n", "",
        ("test_entering.py::test_a_double_click_makes_one_claim_and_one_revision",),
    ),
    Removal(
        "claims/operations/filing.py",
        "    lock_entry(key)\n", "",
        ("test_filing.py::test_a_form_that_is_sent_from_many_tabs_at_once_is_one_claim",),
    ),
    Removal(
        "claims/operations/goodwill.py",
        ', spent_minor__lte=amount_minor).update(', ').update(',
        ("test_goodwill.py::test_a_gift_and_a_cut_at_once_have_one_winner[gift]",),
    ),
    Removal(
        "claims/operations/goodwill.py",
        ', amount_minor__gte=F("spent_minor") + gift.amount_minor)', ")",
        (
            "test_goodwill.py::test_two_gifts_at_once_do_not_overspend",
            "test_goodwill.py::test_a_gift_and_a_cut_at_once_have_one_winner[cut]",
        ),
    ),
    Removal(
        "claims/operations/import_work.py",
        "LIMIT 1 FOR UPDATE OF p SKIP LOCKED", "LIMIT 1",
        (
            "test_imports.py::test_two_workers_choose_two_parts",
            "test_imports.py::test_parts_that_wait_for_each_other_are_chosen_one_by_one",
        ),
    ),
    Removal(
        "claims/operations/import_work.py",
        'todo.select_for_update(skip_locked=True, of=("self",))', "todo",
        ("test_imports.py::test_a_part_is_stored_by_one_of_two",),
    ),
    Removal(
        "claims/operations/import_work.py",
        "ImportPart.objects.select_for_update(no_key=True).filter(pk=part_id", "ImportPart.objects.filter(pk=part_id",
        ("test_imports.py::test_a_part_that_somebody_stores_after_all_is_not_given_up",),
    ),
    Removal(
        "claims/operations/import_work.py",
        "UsageImport.objects.select_for_update(no_key=True).filter(pk=import_id", "UsageImport.objects.filter(pk=import_id",
        (
            "test_imports.py::test_it_ends_once",
            "test_imports.py::test_a_whole_file_that_is_cancelled_stores_nothing",
        ),
    ),
    Removal(
        "claims/operations/import_work.py",
        "if not try_import(found.pk) or not _is_open(found.pk):", "if not _is_open(found.pk):",
        ("test_imports.py::test_a_whole_file_is_worked_off_by_one_of_two",),
    ),
    Removal(
        "claims/operations/imports.py",
        "    lock_sending(partner.pk)\n", "",
        ("test_imports.py::test_of_two_begun_at_once_one_is_too_many",),
    ),
    Removal(
        "claims/operations/imports.py",
        "left.select_for_update(no_key=True, skip_locked=True)", "left",
        ("test_imports.py::test_an_upload_that_goes_on_is_not_abandoned",),
    ),
    Removal(
        "claims/operations/imports.py",
        "UsageImport.objects.select_for_update(no_key=True).filter(pk=import_id", "UsageImport.objects.filter(pk=import_id",
        (
            "test_imports.py::test_the_same_piece_sent_twice_at_once_is_kept_once",
            "test_imports.py::test_what_is_cancelled_is_not_finished",
        ),
    ),
    Removal(
        *FILING,
        ("test_payees.py::test_a_claim_that_comes_meanwhile_has_the_key",),
    ),
    Removal(
        "claims/operations/intake.py",
        "claim = Claim.objects.select_for_update(no_key=True).get(pk=claim_id)", "claim = Claim.objects.get(pk=claim_id)",
        ("test_runs.py::test_two_revisions_at_once_get_a_number_each",),
    ),
    Removal(
        "claims/operations/intake.py",
        "incident_id = %s FOR NO KEY UPDATE", "incident_id = %s",
        ("test_entering.py::test_of_two_who_enter_for_one_person_both_are_kept_in_one_claim[1]",),
        (FILING,),
    ),
    Removal(
        *ONE_CLAIM,
        ("test_entering.py::test_of_two_who_enter_for_one_person_both_are_kept_in_one_claim[0]",),
    ),
    Removal(
        *ONE_CLAIM,
        (
            "test_runs.py::test_a_person_who_files_twice_at_once_has_one_claim",
            "test_runs.py::test_two_identical_claims_at_once_are_one",
        ),
        (FILING,),
    ),
    Removal(
        "claims/operations/letter_copies.py",
        "bulk_create([made], ignore_conflicts=True)", "bulk_create([made])",
        ("test_letter_copies.py::test_of_two_who_ask_at_once_both_get_what_is_kept",),
    ),
    Removal(
        "claims/operations/limits.py",
        "self.rows.select_for_update(no_key=True).get(unit=unit)", "pass",
        ("test_decisions.py::test_two_decisions_at_once_do_not_exceed_the_limit_of_a_day",),
    ),
    Removal(
        *LOSING,
        ("test_losses.py::test_what_is_put_back_after_its_ride_made_a_loss_is_refused",),
    ),
    Removal(
        "claims/operations/mail.py",
        '"pk").select_for_update(skip_locked=True, of=("self",))', '"pk")',
        ("test_mail.py::test_two_who_send_send_a_mail_once",),
    ),
    Removal(
        "claims/operations/messages.py",
        "while ClaimStatus.objects.filter(pk=claim_id, review=ReviewStatus.MERGED).exists():",
        "while lock_status(claim_id).review == ReviewStatus.MERGED:",
        ("test_twins.py::test_who_writes_about_a_merged_claim_waits_for_nobody_who_waits_for_him",),
    ),
    Removal(
        "claims/operations/moves.py",
        "status = ClaimStatus.objects.select_for_update(no_key=True).filter(pk=claim_id)",
        "status = ClaimStatus.objects.filter(pk=claim_id)",
        (
            "test_appeals.py::test_a_contested_appeal_has_one_winner",
            "test_decisions.py::test_a_contested_move_has_one_winner",
            "test_evidence.py::test_the_same_bytes_twice_at_once",
            "test_evidence.py::test_what_nobody_asked_for_twice_at_once",
            "test_evidence.py::test_a_request_and_a_decision_at_once",
            "test_evidence.py::test_a_reminder_and_an_upload_at_once",
            "test_evidence.py::test_two_workers_remind_once",
            "test_goodwill.py::test_what_is_confirmed_twice_is_given_once",
            "test_goodwill.py::test_what_is_undone_twice_is_given_back_once",
            "test_replies.py::test_of_two_who_answer_at_once_one_sends_a_letter",
            "test_uploads.py::test_of_two_uploads_at_once_one_is_too_many",
            "test_replies.py::test_a_message_that_comes_while_somebody_answers_is_not_answered_by_that",
            "test_twins.py::test_of_two_claims_merged_into_each_other_at_once_one_stays",
            "test_twins.py::test_who_writes_about_a_claim_that_is_merged_in_this_moment_writes_to_the_one_that_stays",
            "test_webhooks.py::test_events_of_a_claim_that_moves_twice_at_once_have_two_numbers",
        ),
        (LOSING,),  # of two who withdraw one loss the second would wait for that
    ),
    Removal(
        "claims/operations/news.py",
        "    lock_address(address)  # of two who write to it the second finds it written\n", "",
        (
            "test_mail.py::test_of_many_at_once_no_more_are_told_that_they_came_in_than_a_day_allows",
            "test_mail.py::test_two_who_write_to_one_address_write_one_mail",
        ),
    ),
    Removal(
        "claims/operations/nightly.py",
        'if not try_lock("comparisons"):', "if False:",
        ("test_comparisons.py::test_two_sweeps_begin_the_nightly_comparison_once",),
    ),
    Removal(
        "claims/operations/partner_claims.py",
        r"""    lock_entry(uuid5(NAMESPACE_OID, f"partner claim\n{partner.pk}\n{external_id}"))""", "    pass",
        ("test_api.py::test_the_same_number_makes_one_claim_whatever_the_key",),
    ),
    Removal(
        "claims/operations/partner_claims.py",
        "    if not made:\n        raise DuplicateClaim", "    if False:\n        raise DuplicateClaim",
        ("test_api.py::test_of_two_numbers_for_one_person_one_is_the_claims",),
    ),
    Removal(
        *THEIR_CLAIMS,
        (
            "test_payees.py::test_a_run_goes_to_the_account_of_before_or_after",
            "test_payees.py::test_who_enters_an_account_while_he_confirms_does_only_one_of_them",
            "test_payees.py::test_a_run_that_meets_a_change_by_the_claimant_goes_to_the_account_of_before_or_waits",
            "test_payees.py::test_who_decides_meanwhile_waits_for_where_it_is_paid",
        ),
    ),
    Removal(
        *PERSON,
        (
            "test_payees.py::test_of_two_at_once_both_are_logged_and_the_later_one_counts",
            "test_payees.py::test_of_two_first_accounts_at_once_the_second_is_a_change",
        ),
        (
            PAYEE,
            THEIR_CLAIMS,
        ),
    ),
    Removal(
        "claims/operations/payment.py",
        'order_by("pk").select_for_update(no_key=True).values_list', 'order_by("pk").values_list',
        (
            "test_decisions.py::test_money_goes_out_or_the_decision_is_undone",
            "test_decisions.py::test_two_payment_runs_at_once_pay_each_claim_once",
        ),
    ),
    Removal(
        "claims/operations/policy.py",
        "Policy.objects.select_for_update(no_key=True).get(code=code)", "Policy.objects.get(code=code)",
        ("test_runs.py::test_the_same_policy_published_twice_at_once_is_one_version",),
    ),
    Removal(
        "claims/operations/queue.py",
        'free.exclude(pk__in=passed).select_for_update(no_key=True, skip_locked=True, of=("self",))',
        'free.exclude(pk__in=passed).select_for_update(no_key=True, of=("self",))',
        ("test_queue.py::test_who_asks_for_the_next_claim_does_not_wait_for_another_who_is_taking_it",),
    ),
    Removal(
        "claims/operations/replies.py",
        "ReplyTemplate.objects.select_for_update(no_key=True).get(code=code)", "ReplyTemplate.objects.get(code=code)",
        ("test_replies.py::test_two_who_publish_at_once_make_two_versions",),
    ),
    Removal(
        "claims/operations/second_looks.py",
        " FOR NO KEY UPDATE OF s", "",
        ("test_appeals.py::test_two_second_looks_at_once_move_each_claim_once",),
    ),
    Removal(
        "claims/operations/settlement.py",
        "        lock_policy(policy_id, alone=False)\n", "        pass\n",
        ("test_decisions.py::test_once_a_policy_is_paused_no_rule_decides_any_more",),
    ),
    Removal(
        "claims/operations/settlement.py",
        'order_by("policy").select_for_update()', 'order_by("policy")',
        ("test_decisions.py::test_two_chunks_at_once_do_not_exceed_an_alarm",),
    ),
    Removal(
        "claims/operations/settlement.py",
        "    _lock_statuses(chunk.pk)\n", "",
        (
            "test_appeals.py::test_no_rule_decides_what_is_being_appealed",
            "test_settlement.py::test_a_claim_is_paid_once_by_two_who_settle_its_assessments",
        ),
    ),
    Removal(
        "claims/operations/settlement.py",
        "    if wait:\n", "    if False:\n",
        ("test_settlement.py::test_a_claim_that_was_left_out_and_cannot_be_assessed_again_meanwhile_is_settled",),
    ),
    Removal(
        "claims/operations/tallies.py",
        'if not try_lock("tallies"):\n        return False', "if False:\n        return False",
        ("test_tallies.py::test_of_two_that_count_at_once_one_does",),
    ),
    Removal(
        "claims/operations/triage.py",
        "    lock_statuses(claim_ids)\n", "",
        ("test_replies.py::test_what_a_person_sorts_while_a_rule_sorts_stays_the_persons",),
    ),
    Removal(
        "claims/operations/twins.py",
        '    lock_incident(incident_id, "twins")\n', "",
        ("test_twins.py::test_a_pass_takes_away_no_hint_that_another_one_finds_meanwhile",),
    ),
    Removal(
        "claims/operations/usage_table.py",
        "ON CONFLICT (partner_id, external_id) DO NOTHING RETURNING id", "RETURNING id",
        ("test_imports.py::test_two_files_with_the_same_new_people_and_numbers",),
    ),
    Removal(
        "claims/operations/work.py",
        'lock_incident(incident.pk, "plan")\n        terms', "pass\n        terms",
        ("test_runs.py::test_two_planners_make_one_run",),
        (("claims/operations/work.py", "remember_terms(incident, made_of)\n        return newest", "return newest"),),
    ),
    Removal(
        "claims/operations/work.py",
        'if not try_lock("chase"):', "if False:",
        ("test_runs.py::test_two_chasers_make_a_claim_due_once",),
        (("claims/operations/work.py", 'lock_incident(incident.pk, "plan")\n        _bring', "_bring"),),
    ),
    Removal(
        "claims/operations/work.py",
        'todo.select_for_update(of=("self",)).values_list', "todo.values_list",
        ("test_runs.py::test_new_terms_wait_for_the_chunk_that_is_being_computed",),
    ),
    Removal(
        "claims/operations/work.py",
        'if not try_lock("sweep"):', "if False:",
        ("test_runs.py::test_two_sweeps_are_one",),
    ),
    Removal(
        "services/operations/clock.py",
        'cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])', "pass",
        ("test_clock.py::test_of_two_moves_at_once_each_counts", "test_clock.py::test_it_is_begun_once"),
    ),
    Removal(
        "services/operations/drafts.py",
        "select_for_update(no_key=True).filter(pk=draft_id)", "filter(pk=draft_id)",
        (
            "test_record.py::test_of_two_who_change_one_draft_the_second_is_told",
            "test_record.py::test_of_two_who_publish_one_draft_one_does",
        ),
    ),
    Removal(
        "services/operations/drafts.py",
        "    Incident.objects.select_for_update().get(pk=draft.incident_id)", "    pass",
        ("test_record.py::test_of_two_drafts_that_are_published_at_once_the_second_is_told",),
    ),
    Removal(
        "services/operations/drafts.py",
        'order_by("pk").select_for_update(no_key=True).values_list(', 'order_by("pk").values_list(',
        (
            "test_record.py::test_a_draft_is_discarded_while_its_feed_is_imported",
            "test_record.py::test_of_two_who_answer_one_proposal_the_second_is_told",
        ),
    ),
    Removal(
        "services/operations/feeds.py",
        "Feed.objects.select_for_update(no_key=True).get(pk=find_feed(feed).pk)", "Feed.objects.get(pk=find_feed(feed).pk)",
        (
            "test_record.py::test_a_draft_is_discarded_while_its_feed_is_imported",
            "test_record.py::test_a_feed_that_is_imported_twice_at_once_is_kept_once",
        ),
    ),
    Removal(
        "services/operations/polling.py",
        "select_for_update(no_key=True).filter(pk=feed_id)", "filter(pk=feed_id)",
        ("test_polls.py::test_of_two_polls_at_once_one_asks",),
    ),
    Removal(
        "services/operations/statements.py",
        "bulk_create([notice], ignore_conflicts=True)", "bulk_create([notice])",
        (
            "test_record.py::test_two_who_say_the_same_at_once_say_it_once",
            "test_record.py::test_of_two_who_say_otherwise_at_once_one_is_told",
        ),
    ),
    Removal(
        "services/operations/statements.py",
        "bulk_create(fresh.values(), ignore_conflicts=True)", "bulk_create(fresh.values())",
        (
            "test_record.py::test_two_who_say_the_same_at_once_say_it_once",
            "test_record.py::test_of_two_who_say_otherwise_at_once_one_is_told",
        ),
    ),
)  # fmt: skip

# Whose race is no lock's: what is committed late has a row of its own in a queue, which nobody takes who cannot see it. They
# hold that against a watermark, which no single edit puts in its place.
OF_A_QUEUE = (
    "test_disputes.py::test_a_loss_that_is_not_committed_while_others_are_counted_is_counted_next",
    "test_ride_locks.py::test_a_ride_and_its_lock_that_are_sent_at_once_end_joined",
    "test_runs.py::test_a_revision_that_is_written_before_and_commits_after_the_chunk_is_not_swallowed",
    "test_tallies.py::test_a_claim_that_is_committed_late_is_counted",
)

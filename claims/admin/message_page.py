"""What a claimant wrote and was answered, on the page of the claim, and the page on which an answer is looked at and sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import User
from claims.admin.case_words import readable
from claims.admin.choice_words import worded
from claims.admin.message_forms import ChooseForm, SendForm
from claims.admin.message_words import WORDS, say
from claims.admin.refused_words import said_in_words
from claims.admin.staff import see_claims, staff_of
from claims.models import MESSAGE, MONEYLESS, Claim, ClaimKind, ClaimStatus, DecisionStatus, Event, ReviewStatus
from claims.operations import add_message, answer_claim, sort_claim
from claims.operations.decisions import DECIDERS
from claims.operations.language import language_of
from claims.queries.messages import Turn, last_sorting, replies_in_use, turns_of
from claims.queries.reply import render_reply, reply_title
from claims.sandbox import shows_letters
from services import clock
from services.language import in_english
from services.refusals import Refusal
from services.seoul import shown

# --- on the page of the claim ----------------------------------------------------------------------------


def messages_of(
    claim: Claim,
    status: ClaimStatus,
    user: User,
    *,
    decides: bool,
    reads: bool = True,
    everything: Sequence[Event] | None = None,
) -> dict[str, Any]:
    """As many queries however much was written. `everything`: all events of the claim, of who has them already."""
    turns, older = turns_of(claim, everything)
    waits, english = MESSAGE in status.reasons, in_english()
    return {
        "words": {key: said[english] for key, said in WORDS.items()}, "older": older, "waits": waits,
        "turns": [_turn(one, claim, reads) for one in turns],
        "kind": worded("kind", status.kind), **_sorting(last_sorting(claim, everything), status, reads),
        "answer": reverse("admin:claims_claim_answer", args=[claim.pk])
        if decides and _answerable(status, user) and (waits or _ends(status)) else "",
    }  # fmt: skip


def _turn(turn: Turn, claim: Claim, reads: bool) -> dict[str, Any]:
    event = turn.event
    said = {
        "at": shown(event.at), "answers": turn.answers, "text": readable(turn.text, reads=reads), "by": event.actor,
        "letter": "", "title": "",
    }  # fmt: skip
    if turn.letter is not None and turn.letter.reply is not None:
        reply, language = turn.letter.reply, turn.letter.language
        said["letter"] = reverse("admin:claims_letter_content", args=[turn.letter.pk])
        said["title"] = reply_title(reply, claim, language=language, now=turn.letter.made_at)
        said["made_from"] = f"{reply.template.code} · {say('version')} {reply.number} · {say(language)}"
    if not turn.answers:
        own = event.actor is not None and event.actor.person_id == claim.person_id
        said["by"] = say("form") if event.actor is None else say("claimant") if own else event.actor
        said["on_behalf"] = event.actor is not None and not own
    return said


def _sorting(last: Event | None, status: ClaimStatus, reads: bool) -> dict[str, Any]:
    """By whom or what it is of the kind that it is now."""
    if status.kind == ClaimKind.UNSORTED:
        return {"how": say("not_sorted")}
    if last is None or last.data.get("sort", ["", ""])[1] != status.kind:
        return {"how": f"{say('by_rule')} · {say('by_loss')}"}
    if last.actor is not None:
        note = last.note.text if hasattr(last, "note") else ""
        return {"how": f"{say('by_person')}: {last.actor} · {shown(last.at)}", "why": readable(note, reads=reads)}
    words = ", ".join(f"“{word}”" for word in last.data.get("words", ()))
    return {"how": f"{say('by_rule')} · {shown(last.at)} · " + (f"{say('by_words')}: {words}" if words else say("by_loss"))}


def _answerable(status: ClaimStatus, user: User) -> bool:
    mine = status.review == ReviewStatus.IN_REVIEW and status.assignee_id == user.pk
    return status.review == ReviewStatus.QUEUED or mine


def _ends(status: ClaimStatus) -> bool:
    """Whether it may be answered although nobody wrote."""
    return status.kind in MONEYLESS and status.decision in (DecisionStatus.UNDECIDED, DecisionStatus.ANSWERED)


def tell_by(user: User, status: ClaimStatus, text: str, now: datetime) -> str:
    """Adds it, and says what became of it."""
    message = add_message(claim_id=status.pk, text=text, sent_by=user, now=now)
    if message.event.at != now:
        return say("told_again")
    if message.claim_id != status.pk:
        return f"{say('told_merged')} {message.claim.reference}"
    return say("told_done")


def sort_by(user: User, status: ClaimStatus, said: dict[str, Any], now: datetime) -> str:
    status = sort_claim(
        claim_id=status.pk, kind=said["kind"], sorted_by=user, note=said["note"], moves=said["moves"], now=now
    )  # fmt: skip
    return f"{say('sort_done')}: {worded('kind', status.kind)}"


# --- the page of an answer ---------------------------------------------------------------------------------


@shows_letters
def answer_page(request: HttpRequest, claim_id: int) -> HttpResponse:
    """A template is chosen by the address and its letter looked at; what is sent is that version, or nothing."""
    user = staff_of(request)
    if not user.holds(*DECIDERS):
        raise PermissionDenied
    claim = get_object_or_404(Claim.objects.select_related("incident"), pk=claim_id)
    form = SendForm(request.POST) if request.method == "POST" else None
    if form is not None and _sent(request, form, claim, user):
        return HttpResponseRedirect(reverse("admin:claims_claim_change", args=[claim_id]))
    see_claims(request, claim)
    now = clock.now()
    status = ClaimStatus.objects.get(pk=claim_id)
    language = language_of(claim)
    in_use = {one.template.code: one for one in replies_in_use(status.kind)}
    of_page = "en" if in_english() else "ko"
    titles = {code: f"{reply_title(one, claim, language=of_page, now=now)} ({code})" for code, one in in_use.items()}
    asked: dict[str, Any] = {"template": request.GET.get("template", ""), "language": request.GET.get("language", language)}
    if form is not None and form.is_valid():
        asked = {"template": form.cleaned_data["version"].template.code, "language": form.cleaned_data["language"]}
    elif not asked["template"] and len(in_use) == 1:
        asked["template"] = next(iter(in_use))
    choose = ChooseForm(asked if asked["template"] else None, titles=titles, initial=asked)
    context: dict[str, Any] = {
        **admin.site.each_context(request), "title": f"{say('answer')}: {claim.reference}", "claim": claim,
        "words": {key: say(key) for key in WORDS}, "choose": choose, "templates": bool(in_use),
        "sorted": status.kind != ClaimKind.UNSORTED, "answerable": _answerable(status, user),
        "talk": {**messages_of(claim, status, user, decides=True), "answer": ""},
    }  # fmt: skip
    if choose.is_bound and choose.is_valid():
        version, said = in_use[asked["template"]], asked["language"]
        looked = {"version": version.pk, "language": said, "moves": status.moves, "note": request.POST.get("note", "")}
        context |= {
            "letter": render_reply(version, claim, language=said, now=now).decode(),
            "looked": f"{version.template.code} · {say('version')} {version.number} · {say(said)}",
            "send": SendForm(initial=looked, auto_id="send_%s"),
        }
    return TemplateResponse(request, "admin/claims/claim/answer.html", context)


def _sent(request: HttpRequest, form: SendForm, claim: Claim, user: User) -> bool:
    """False: nothing was sent, and the page is shown again as things are now."""
    if not form.is_valid():
        messages.error(request, " ".join([say("choose_first"), *form.errors.get("note", ())]))
        return False
    said = form.cleaned_data
    try:
        with transaction.atomic(durable=True):
            letter = answer_claim(
                claim_id=claim.pk, version_id=said["version"].pk, language=said["language"], answered_by=user,
                note=said["note"], moves=said["moves"], now=clock.now(),
            )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, said_in_words(refusal))
        return False
    status = ClaimStatus.objects.get(pk=claim.pk)
    stands = f"{worded('review', status.review)} · {worded('decision', status.decision)}"
    address = reverse("admin:claims_letter_content", args=[letter.pk])
    link = format_html('{} <a href="{}">{}</a> {}: {}', say("sent"), address, say("letter"), say("now"), stands)
    messages.success(request, link)
    return True

"""Many claims answered at once: the template is chosen on the queue's page, the letter is looked at on that of the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from claims.admin.case_words import said_reason
from claims.admin.choice_words import worded
from claims.admin.reply_forms import example_letters, letters_of
from claims.admin.reply_words import WORDS, say
from claims.admin.staff import number_of
from claims.models import BulkItemState, BulkRun, BulkState, ReplyVersion
from claims.operations import draft_bulk_answer
from claims.queries.reply_list import languages_of, newest_replies, newest_reply
from services import clock
from services.language import in_english
from services.words import said_version

MOST_TEMPLATES = 200
LEFT_OUT = 100
OF_RUN = {"todo": "many_todo", "done": "many_done", "running": "many_running", "above": "many_help"}  # instead of a decision's


def templates_to_choose() -> dict[str, Any]:
    """For the queue's page."""
    return {
        "templates": [(one.pk, _label(one)) for one in newest_replies(most=MOST_TEMPLATES)],
        "reply": {key: say(key) for key in WORDS},
    }


def draft_answer(posted: Mapping[str, Any], claim_ids: Sequence[int], user: User, now: datetime) -> BulkRun:
    """With the version that was chosen; a newer one since then is refused."""
    version_id = number_of(posted.get("reply"))
    return draft_bulk_answer(version_id=version_id, claim_ids=claim_ids, made_by=user, now=now)


def said_answer(run: BulkRun, words: Mapping[str, str]) -> dict[str, Any]:
    """For the run's page: the letter to the first who gets one, in how many languages, and who is left out. As many queries
    however many claims it has.
    """
    version = ReplyVersion.objects.select_related("template").get(pk=run.reply_id or 0)
    newest, now = newest_reply(version.template_id), clock.now()
    first = run.rows.exclude(state=BulkItemState.REFUSED).select_related("claim__incident").order_by("claim_id").first()
    refused = run.rows.filter(state=BulkItemState.REFUSED).select_related("claim").order_by("claim_id")[:LEFT_OUT]
    return {
        "title": f"{say('many_title')} {run.pk}", "words": {**words, **{key: say(ours) for key, ours in OF_RUN.items()}},
        "reply": {key: say(key) for key in WORDS}, "template": version.template, "version": said_version(version.number),
        "letters": letters_of(version, first.claim, now=now) if first else example_letters(version, now=now),
        "example": say("example_of").format(reference=first.claim.reference) if first else say("example_help"),
        "languages": [(say(code), count) for code, count in languages_of(run)],
        "outdated": run.state in (BulkState.DRAFTED, BulkState.OPEN) and newest != version,
        "left_out": [{"pk": one.claim_id, "reference": one.claim.reference, "code": said_reason(one.code)} for one in refused],
    }  # fmt: skip


def _label(version: ReplyVersion) -> str:
    title = version.title_en if in_english() else version.title_ko
    return f"{version.template.code} · {title} ({', '.join(worded('kind', kind) for kind in version.kinds)})"

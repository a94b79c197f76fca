"""Addresses of the pages of somebody's own claims."""

from collections.abc import Callable
from typing import Any

from django.urls import path
from django.views.decorators.cache import never_cache

import claims.web.my.reference  # noqa: F401 - registers the converter of addresses
from claims.web.language import in_their_language
from claims.web.my.access import of_claimant
from claims.web.my.choose import choose, chosen
from claims.web.my.correct import correct, corrected
from claims.web.my.disagree import disagree, take_back
from claims.web.my.documents import document, document_file, documents
from claims.web.my.find import code, find, genuine, leave
from claims.web.my.letters import document_letter, letter, letter_pdf
from claims.web.my.payee import payee, payee_given
from claims.web.my.proof import proof, proof_pdf, shown_proof
from claims.web.my.status import standing, status
from claims.web.my.withdraw import withdraw, write, written

app_name = "my"


def own(view: Callable[..., Any]) -> Callable[..., Any]:
    return never_cache(in_their_language(of_claimant(view)))


urlpatterns = [
    path("", never_cache(in_their_language(find)), name="find"),
    path("code/", never_cache(in_their_language(code)), name="code"),
    path("check/", never_cache(in_their_language(genuine)), name="genuine"),
    path("check/<str:number>/", never_cache(in_their_language(shown_proof)), name="shown_proof"),
    path("<reference:reference>/proof/", own(proof), name="proof"),
    path("<reference:reference>/proof/<str:number>.pdf", own(proof_pdf), name="proof_pdf"),
    path("<reference:reference>/leave/", leave, name="leave"),
    path("<reference:reference>/", own(status), name="status"),
    path("<reference:reference>/standing/", own(standing), name="standing"),
    path("<reference:reference>/choose/", own(choose), name="choose"),
    path("<reference:reference>/choose/sent/", own(chosen), name="chosen"),
    path("<reference:reference>/account/", own(payee), name="payee"),
    path("<reference:reference>/account/sent/", own(payee_given), name="payee_given"),
    path("<reference:reference>/correct/", own(correct), name="correct"),
    path("<reference:reference>/correct/sent/", own(corrected), name="corrected"),
    path("<reference:reference>/disagree/", own(disagree), name="disagree"),
    path("<reference:reference>/disagree/withdraw/", own(take_back), name="take_back"),
    path("<reference:reference>/documents/", own(documents), name="documents"),
    path("<reference:reference>/documents/<int:file_id>/", own(document), name="document"),
    path("<reference:reference>/documents/<int:file_id>/file/", own(document_file), name="document_file"),
    path("<reference:reference>/letters/<int:letter_id>/", own(letter), name="letter"),
    path("<reference:reference>/letters/<int:letter_id>/pdf/", own(letter_pdf), name="letter_pdf"),
    path("<reference:reference>/letters/documents/<int:letter_id>/", own(document_letter), name="document_letter"),
    path("<reference:reference>/withdraw/", own(withdraw), name="withdraw"),
    path("<reference:reference>/write/", own(write), name="write"),
    path("<reference:reference>/write/sent/", own(written), name="written"),
]

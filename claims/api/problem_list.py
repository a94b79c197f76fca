"""What each code of a problem means: where the `type` of a problem leads."""

from __future__ import annotations

from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.problem_words import WORDS, title_of
from claims.api.views import said
from services.api import PublicView
from services.refusals import Unknown


class UnknownProblem(Unknown):
    code = "unknown_problem"


class ProblemSaid(BaseModel):
    code: str
    title: str


class ProblemsSaid(BaseModel):
    data: list[ProblemSaid]


class ProblemList(PublicView):
    """All codes, in Korean or English by Accept-Language."""

    answers = {"GET": (200, ProblemsSaid)}

    def get(self, request: Request) -> Response:
        return said(ProblemsSaid(data=[ProblemSaid(code=code, title=title_of(code)) for code in WORDS]))


class ProblemOne(PublicView):
    """What one code means."""

    answers = {"GET": (200, ProblemSaid)}

    def get(self, request: Request, code: str) -> Response:
        if code not in WORDS:
            raise UnknownProblem("There is no such code.")
        return said(ProblemSaid(code=code, title=title_of(code)))

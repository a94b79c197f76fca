"""What people are asked to agree to before anything that names them is taken."""

from __future__ import annotations

from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.operations import texts_to_agree_to
from claims.api.views import said
from services.api import PublicView
from services.language import in_english


class ConsentSaid(BaseModel):
    """The newest version of a text. Without a `required` one nothing that names anybody is taken."""

    code: str
    number: int
    required: bool
    title: str
    text: str


class ConsentsSaid(BaseModel):
    """What is required comes first."""

    data: list[ConsentSaid]


class ConsentList(PublicView):
    """The texts to be answered with `claimant` of a claim, in Korean or English by Accept-Language."""

    answers = {"GET": (200, ConsentsSaid)}

    def get(self, request: Request) -> Response:
        pick = int(in_english())
        texts = [
            ConsentSaid(
                code=text.code, number=text.number, required=text.required, title=(text.title_ko, text.title_en)[pick],
                text=(text.text_ko, text.text_en)[pick],
            )
            for text in texts_to_agree_to()
        ]  # fmt: skip
        return said(ConsentsSaid(data=texts))

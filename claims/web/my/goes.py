"""Where what is given goes: money to an account of the claimant's, points and days to theirs at the service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from claims.eligibility import Terms
from claims.models import Claim
from claims.models.owing import goes_to_account
from claims.web.quoted import PROVABLE

AT_SERVICE = ("points", "days")


@dataclass(frozen=True)
class Goes:
    """`money`: some of it is money, or may be; `at_service`: some of it is points or days."""

    money: bool
    at_service: bool


NOT_KNOWN = Goes(money=True, at_service=False)  # while nothing is calculated


def may_go(document: dict[str, Any], terms: Terms) -> Goes:
    """By what a calculation leaves open, and by what its rules let people choose."""
    open_lines = [line for line in document["lines"] if line["outcome"] in PROVABLE]
    rules = [found for line in open_lines if (found := terms.rule_of(line["policy"], line["rule"])) is not None]
    remedies = [choice.remedy for compiled in rules for choice in compiled.rule.choices]
    return Goes(
        any(goes_to_account(one.instrument, one.currency) for one in remedies),
        any(line["remedy"] in AT_SERVICE and line["quantity"] for line in open_lines),
    )


def gone(claim: Claim) -> Goes:
    """By what stands to be given, gone out or not. One query."""
    given = list(claim.payouts.values_list("remedy", "currency"))
    return Goes(
        any(goes_to_account(remedy, currency) for remedy, currency in given),
        any(remedy in AT_SERVICE for remedy, _ in given),
    )  # fmt: skip

"""Every text that people read is there in Korean and English, and no page has words of its own beside them."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from types import ModuleType
from typing import Any

import pytest
from django.template.base import Lexer, TokenType
from django.test import Client
from django.urls import reverse

import accounts
import claims
import services
from claims.operations import ToldFact
from tests.builders import BIKE, MESSAGES, a_person, claim_of, follow_up, outage, policies_of_the_demonstration, told, work_off
from tests.claims.mine_cast import let_in, mine
from tests.claims.test_no_codes import Said

ROOT = Path(__file__).parents[2]
HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e가-힣]")
# The same in both languages, or a mark, or nothing to say.
SAME = {
    "PDF", "PNG", "JPEG", "CSV", "HTML", "SVG", "RSS", "Atom", "iCalendar", "JSON", "SHA-256", "URL", "Statuspage v2",
    "Cachet v3", "Instatus", "GB", "MB", "km",
}  # fmt: skip
# Another claim is answered; Korean says it before the day.
EMPTY = {("NEXT", "merged"), ("WORDS", "until_end")}
LETTERS = re.compile(r"[A-Za-z\u1100-\u11ff\u3131-\u318e가-힣]")


def modules() -> Iterator[ModuleType]:
    for package in (accounts, claims, services):
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"\.(migrations|management)\b", one.name):
                yield importlib.import_module(one.name)


def is_pair(value: Any) -> bool:
    return type(value) is tuple and len(value) == 2 and all(type(one) is str for one in value)


def pairs(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], tuple[str, str]]]:
    """All Korean and English of a dictionary, however deep, if one of them has Korean."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from [((*at, key), one)] if is_pair(one) else pairs(one, (*at, key))


def words() -> Iterator[tuple[tuple[Any, ...], tuple[str, str]]]:
    for module in modules():
        for name, value in vars(module).items():
            found = list(pairs(value, (module.__name__, name))) if isinstance(value, dict) and name.isupper() else []
            if any(HANGUL.search(korean) for _, (korean, _) in found):
                yield from found


WORDS = list(words())


def gaps(text: str) -> list[str]:
    """By name or number, in order of the alphabet; `%s` too."""
    try:
        named = [name or "" for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:  # a brace that is no gap
        named = []
    return sorted([*named, *re.findall(r"%(?:\(\w+\))?[sd]", text)])


def test_all_modules_of_words_are_found():
    assert len(WORDS) > 1500
    found = {at[0] for at, _ in WORDS}
    files = [path for app in ("accounts", "claims", "services") for path in (ROOT / app).rglob("*words.py")]
    named = {str(path.relative_to(ROOT).with_suffix("")).replace("/", ".") for path in files}
    assert named - found == {"services.templatetags.staff_words", "accounts.model_words", "claims.model_words"}


def test_each_is_said_in_korean_and_in_english():
    wrong: list[Any] = []
    for at, (korean, english) in WORDS:
        if at[1:] in EMPTY or (korean == english and korean.strip() in SAME):
            continue
        wrong += [(at, "nothing in one of them")] if not korean.strip() or not english.strip() else []
        wrong += [(at, "no Korean", korean)] if LETTERS.search(korean) and not HANGUL.search(korean) else []
        wrong += [(at, "Korean", english)] if HANGUL.search(english) else []
        wrong += [(at, "other gaps", korean, english)] if gaps(korean) != gaps(english) else []
    assert not wrong, "\n".join(map(str, wrong))


# --- templates ------------------------------------------------------------------------------------------

FOLDERS = (
    "claims/templates", "claims/templates/account", "claims/templates/claims/account", "claims/templates/claims/my",
    "claims/templates/claims/web", "claims/templates/mfa/webauthn", "claims/templates/socialaccount",
    "services/templates/services",
)  # fmt: skip
OF_CLAIMANTS = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.html"))
TAG = re.compile(r"<!--.*?-->|<!doctype[^>]*>|<(style|script)\b.*?</\1>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
SAID_ATTRIBUTES = re.compile(r'\b(?:title|alt|placeholder|aria-label)="([^"]*)"')


def own_words(text: str) -> list[str]:
    """What a template says by itself."""
    found: list[str] = []
    filled = "".join(
        token.contents if token.token_type == TokenType.TEXT else " " for token in Lexer(text).tokenize()
    )  # fmt: skip
    found += [one for one in SAID_ATTRIBUTES.findall(filled) if LETTERS.search(one) and one.strip(" ()") not in SAME]
    plain = re.sub(r"&[a-z]+;|&#[0-9x]+;", " ", TAG.sub("\n", filled))
    return found + [line.strip() for line in plain.splitlines() if LETTERS.search(line) and line.strip(" ()") not in SAME]


@pytest.mark.parametrize("path", OF_CLAIMANTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_template_of_claimants_has_words_of_its_own(path: Path):
    assert own_words(path.read_text(encoding="utf-8")) == []


def test_each_word_that_a_template_says_is_there():
    """Of those of claimants, in the words of their pages."""
    texts = {path: path.read_text(encoding="utf-8") for path in OF_CLAIMANTS if "/claims/" in str(path)}
    known = {at[2] for at, _ in WORDS if str(at[0]).startswith("claims.web") and at[1] == "WORDS"}
    missing = {
        (path.name, key) for path, text in texts.items() for key in re.findall(r"\bsay\.(\w+)", text) if key not in known
    }
    assert missing == set()
    public = {at[2] for at, _ in WORDS if at[:2] == ("services.words", "WORDS")}
    texts = {path: path.read_text(encoding="utf-8") for path in OF_CLAIMANTS if "/services/templates/" in str(path)}
    said = {(path.name, key) for path, text in texts.items() for key in re.findall(r"\b(?:say|words)\.(\w+)", text)}
    assert {one for one in said if one[1] not in public} == set()


def test_each_mail_is_there_in_both_languages_and_says_the_same_things():
    folder = ROOT / "claims" / "templates" / "claims" / "mail"
    korean = {path.name.removesuffix(".ko.txt"): path.read_text(encoding="utf-8") for path in folder.glob("*.ko.txt")}
    english = {path.name.removesuffix(".en.txt"): path.read_text(encoding="utf-8") for path in folder.glob("*.en.txt")}
    assert korean.keys() == english.keys() == {"account", "alert", "code", "news"}
    for name, text in korean.items():
        assert asked(text) == asked(english[name]), name
        assert not HANGUL.search(english[name]), name
        assert all(HANGUL.search(line) for line in text.splitlines() if re.search(r"[A-Za-z]{3}", TAGS.sub("", line))), name


TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


def asked(text: str) -> list[str]:
    """All variables and tags, with titles in whatever language."""
    return sorted(re.sub(r"_(ko|en)\b", "", " ".join(found.split())) for found in TAGS.findall(text))


# --- pages ----------------------------------------------------------------------------------------------

SENTENCE = re.compile(r"[a-z]+(?: [a-z]+){2,}")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_pages_of_ones_own_claim_speak_one_language(client: Client, db: None, language: str):
    """Decided and open; apart from the names of both languages themselves."""
    incident = outage(version=2)
    policies_of_the_demonstration()
    decided = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 17:30"), asks_for=["kakao_goodwill"])
    work_off()
    follow_up()
    waiting = claim_of(a_person(), incident, told(BIKE, "15 15:20", "15 21:15", ToldFact("ride_charge", 53450)))
    wrong = []
    for claim in (decided, waiting):
        let_in(client, claim)
        for name in ("status", "correct", "disagree", "write", "withdraw", "written", "corrected", "take_back"):
            page = client.get(mine(name, claim), {"lang": language}, follow=True).content.decode()
            said = [text for text in Said(page).texts if text not in ("한국어", "English")]
            wrong += [(name, text) for text in said if (HANGUL if language == "en" else SENTENCE).search(text)]
    for name in ("find", "genuine"):
        for answer in (client.get, client.post):
            said = Said(answer(f"{reverse(f'my:{name}')}?lang={language}").content.decode()).texts
            wrong += [
                (name, text) for text in said
                if text not in ("한국어", "English") and (HANGUL if language == "en" else SENTENCE).search(text)
            ]  # fmt: skip
    assert not wrong, "\n".join(map(str, wrong))

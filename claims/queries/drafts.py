"""What a draft would be: its problems, its examples, and how it differs from what is published."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from claims.eligibility import EngineRefusal, Problem, load_pack, remarks, run_examples
from claims.models import PolicyDraft, PolicyVersion


@dataclass(frozen=True)
class ExampleResult:
    """One worked example of a pack; `differs` says how, line by line, and is empty where it comes out."""

    name: str
    reading: str
    differs: tuple[str, ...]


@dataclass(frozen=True)
class DiffLine:
    """A line of two texts compared: `sign` is +, - or a blank; numbers count from 1 in the text that has the line."""

    sign: str
    old_number: int | None
    new_number: int | None
    text: str


@dataclass(frozen=True)
class Review:
    """A pack as far as it can be read. `newest`: the version that it would follow, None where it is the first."""

    code: str | None
    problems: tuple[Problem, ...]
    examples: tuple[ExampleResult, ...]
    newest: PolicyVersion | None
    diff: tuple[DiffLine, ...]
    says_the_same: bool = False  # as the newest version, in other words at most
    remarks: tuple[str, ...] = ()

    @property
    def green(self) -> bool:
        return not self.problems and all(not example.differs for example in self.examples)

    @property
    def failing(self) -> int:
        return sum(bool(example.differs) for example in self.examples)


def review_pack(pack_yaml: str, *, base: PolicyVersion | None = None) -> Review:
    """`base` is what a text is compared with while it cannot be read and so names no policy."""
    try:
        pack = load_pack(pack_yaml, "draft")
        found = tuple(ExampleResult(e.name, e.reading or "", tuple(differs)) for e, differs in run_examples(pack))
    except EngineRefusal as refusal:
        return Review(None, refusal.problems, (), base, compare(base.pack_yaml if base else "", pack_yaml))
    newest = PolicyVersion.objects.filter(policy__code=pack.code).order_by("-number").select_related("policy").first()
    same = newest is not None and newest.content_hash == pack.content_hash
    diff = compare(newest.pack_yaml if newest else "", pack_yaml)
    return Review(pack.code, (), found, newest, diff, same, tuple(remarks(pack.body)))


CONTEXT = 3  # lines that are shown around a change


def compare(old: str, new: str) -> tuple[DiffLine, ...]:
    """The lines that differ, with those around them; nothing where the texts are equal."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[DiffLine] = []
    for group in difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(CONTEXT):
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += [DiffLine(" ", i + 1, i - i1 + j1 + 1, before[i]) for i in range(i1, i2)]
                continue
            lines += [DiffLine("-", i + 1, None, before[i]) for i in range(i1, i2)]
            lines += [DiffLine("+", None, j + 1, after[j]) for j in range(j1, j2)]
    return tuple(lines)


def writers_of(draft: PolicyDraft) -> set[int]:
    """Ids of those who wrote any revision of it."""
    return set(draft.revisions.values_list("written_by", flat=True))

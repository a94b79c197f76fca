"""The engine's command line, without database or Django.

python -m claims.eligibility check PACK.yaml [PACK.yaml ...]
python -m claims.eligibility assess PACK.yaml FACTS.json
python -m claims.eligibility explain PACK.yaml FACTS.json --claim ID [--lang ko|en]
python -m claims.eligibility schema       the JSON Schema of a pack
python -m claims.eligibility reference    all shapes of a pack, in Markdown
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .assess import assess
from .examples import check_examples
from .explain import explain
from .explanation_text import ExplanationText
from .factsfile import read_facts
from .inputs import ClaimInput, batch_of
from .instants import instant_of
from .pack import Pack
from .packfile import load_pack
from .reference import pack_schema, reference
from .refusals import EngineRefusal
from .remarks import remarks
from .terms import Terms, compile_terms

LARGEST_FILE = 100_000_000  # bytes


def main(arguments: Sequence[str] | None = None) -> int:
    """0: all well. 1: an example differs. 2: something was refused."""
    parser = argparse.ArgumentParser(prog="python -m claims.eligibility", description="Check packs, assess claims.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="run the packs' own examples; exit 1 if one differs")
    check.add_argument("packs", nargs="+", type=Path, metavar="PACK.yaml")
    one = commands.add_parser("assess", help="print one JSON object per claim")
    one.add_argument("pack", type=Path, metavar="PACK.yaml")
    one.add_argument("facts", type=Path, metavar="FACTS.json")
    why = commands.add_parser("explain", help="say in words why a claim gets what it gets")
    why.add_argument("pack", type=Path, metavar="PACK.yaml")
    why.add_argument("facts", type=Path, metavar="FACTS.json")
    why.add_argument("--claim", type=int, required=True, metavar="ID")
    why.add_argument("--lang", choices=["ko", "en"], default="ko")
    commands.add_parser("schema", help="print the JSON Schema of a pack, for editors")
    commands.add_parser("reference", help="print all shapes of a pack, in Markdown")
    options = parser.parse_args(arguments)
    try:
        match options.command:
            case "check":
                return _check(options.packs)
            case "assess":
                return _assess(options.pack, options.facts)
            case "explain":
                return _explain(options.pack, options.facts, options.claim, options.lang)
            case "schema":
                print(json.dumps(pack_schema(), indent=2, ensure_ascii=False))
            case _:
                print(reference(), end="")
    except EngineRefusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return 0


def _check(paths: Sequence[Path]) -> int:
    differing: list[str] = []
    examples = 0
    for path in paths:
        pack = _read_pack(path)
        found = check_examples(pack)
        count = len(pack.body.examples)
        examples += count
        differing += found
        print(f"{pack.body.scheme:<5} {pack.code:<28} {count:>3} examples  {'ok' if not found else f'{len(found)} differ'}")
        for line in (*found, *(f"remark: {one}" for one in remarks(pack.body))):
            print(f"      {line}")
    print(f"{len(paths)} packs, {examples} examples, {len(differing)} differ")
    return 1 if differing else 0


def _assess(pack_path: Path, facts_path: Path) -> int:
    terms, claims = _read_both(pack_path, facts_path)
    batch = batch_of(claims, terms)
    traces = {explained["claim"]: explained for explained in explain(batch, terms)}
    lines: dict[int, list[dict[str, Any]]] = {claim.claim: [] for claim in claims}
    for line in assess(batch, terms).iter_rows(named=True):
        policy, _, rule = (None, None, None) if line["rule"] is None else terms.rules[line["rule"]]
        kept = ("loss", "outcome", "remedy", "unit", "quantity", "currency", "reasons", "counted_seconds")
        lines[line["claim"]].append({"policy": policy, "rule": rule, **{key: line[key] for key in kept}})
    for claim, found in lines.items():
        print(json.dumps({"claim": claim, "lines": found, "trace": traces.get(claim)}, ensure_ascii=False))
    return 0


def _explain(pack_path: Path, facts_path: Path, claim: int, language: str) -> int:
    terms, claims = _read_both(pack_path, facts_path)
    wanted = [one for one in claims if one.claim == claim]
    if not wanted:
        known = ", ".join(str(one.claim) for one in claims[:10]) + (", ..." if len(claims) > 10 else "")
        raise EngineRefusal("unknown_claim", f"no claim {claim}; the file has {known or 'none'}", str(facts_path))
    words = ExplanationText(terms, language)
    for explained in explain(batch_of(wanted, terms), terms):
        print("\n".join(words.explanation(explained, terms.packs[0].zone)))
    return 0


def _read_both(pack_path: Path, facts_path: Path) -> tuple[Terms, list[ClaimInput]]:
    pack = _read_pack(pack_path)
    record, claims = read_facts(_read(facts_path), [pack])
    begins_at = record.begins_at
    if begins_at is not None and not pack.holds_for(begins_at):
        told = f"the incident begins at {instant_of(begins_at).astimezone(pack.zone).isoformat()}"
        raise EngineRefusal("outside_incidents", f"{told}; the pack's `incidents` are other days", str(pack_path))
    return compile_terms(record, [pack]), claims


def _read_pack(path: Path) -> Pack:
    return load_pack(_read(path), str(path))


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise EngineRefusal("file_too_large", f"at most {LARGEST_FILE:,} bytes are read", str(path))
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EngineRefusal("file_unreadable", str(error), str(path)) from error


if __name__ == "__main__":
    sys.exit(main())

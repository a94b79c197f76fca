"""The engine: what is owed for which loss, under which record and policies. Pure: no Django, database or clock."""

from .assess import CLAIMS, FACTS, LINES, LOSSES, Assessed, Batch, Traced, assess, assess_apart, assess_traced, planning_for
from .exact import FACT_BOUNDS
from .examples import check_examples, run_examples
from .inputs import UNPRINTABLE, ClaimInput, FactInput, LossInput, batch_of, check_consistent, fact_specs, fact_value, instant
from .instants import day_of, instant_of, microseconds
from .pack import FactSpec, Pack
from .packfile import LONGEST_PACK, load_pack
from .record import Extent, IncidentFact, Notice, Record, ServiceNode, Window, is_below
from .refusals import EngineRefusal, PackRefusal, Problem
from .remarks import remarks
from .segments import dependencies, listed_windows
from .shapes import PROVENANCES, Text
from .terms import ENGINE_VERSION, ChangedSpan, Terms, changed_spans, compile_terms
from .validate import pack_of
from .verdicts import Verdict

__all__ = [
    "CLAIMS", "ENGINE_VERSION", "FACTS", "FACT_BOUNDS", "LINES", "LONGEST_PACK", "LOSSES", "PROVENANCES", "UNPRINTABLE",
    "Assessed", "Batch", "ChangedSpan", "ClaimInput", "EngineRefusal", "Extent", "FactInput", "FactSpec", "IncidentFact",
    "LossInput",
    "Notice", "Pack", "PackRefusal", "Problem", "Record", "ServiceNode", "Terms", "Text", "Traced", "Verdict", "Window",
    "assess",
    "assess_apart", "assess_traced",
    "batch_of", "changed_spans", "check_consistent", "check_examples", "compile_terms", "day_of", "dependencies",
    "fact_specs", "fact_value", "instant", "instant_of",
    "is_below", "listed_windows", "load_pack", "microseconds", "pack_of", "planning_for", "remarks",
    "run_examples",
]  # fmt: skip

"""Kernels that take a row of every array of a named tuple, and cut rows into named parts."""

from __future__ import annotations

from typing import Any

from glasshouse.engine.settings import Settings
from glasshouse.engine.tables import (
    KIND_OF_RULE,
    Conduct,
    Counts,
    Entries,
    Frame,
    Institutions,
    Laws,
    Listings,
    Open,
    Outcome,
    Rows,
    Rules,
    State,
)
from glasshouse.kernel import part, passage, row, stretch
from glasshouse.stages.society.layout_kernel import Draft
from glasshouse.stages.society.society_kernel import SocietyTables


def _written_out(name: str, arguments: str, made: Any, parts: list[str]) -> Any:
    """Write the kernel that makes a named tuple of this type of these parts.

    Compiled text cannot loop over arrays of different types, so the loop is written out here.
    """
    text = f"def {name}({arguments}):\n    return {made.__name__}({', '.join(parts)})\n"
    scope: dict[str, Any] = {
        **{primitive.__name__: primitive for primitive in (row, part, stretch)},
        made.__name__: made,
        "__name__": __name__,
    }
    exec(compile(text, f"<{name}>", "exec"), scope)  # noqa: S102 - the text is our own
    return passage(scope[name])


def peeler(made: Any, by: str = "row") -> Any:
    """Write the kernel that takes one row of every array of a named tuple of this type."""
    parts = [f"{by}(arrays.{name}, index)" for name in made._fields]
    return _written_out(f"peel_{by}_{made.__name__.lower()}", "arrays, index", made, parts)


peel_rows = peeler(Rows)
peel_state = peeler(State)
peel_outcome = peeler(Outcome)
peel_entries = peeler(Entries)
peel_listings = peeler(Listings)
peel_open = peeler(Open)
peel_laws = peeler(Laws)
peel_institutions = peeler(Institutions)
peel_frame = peeler(Frame)
peel_draft = peeler(Draft)
part_rows = peeler(Rows, "part")
peel_conduct = peeler(Conduct)
peel_society = peeler(SocietyTables, "part")


counts_within = _written_out(
    "counts_within", "cells, begins", Counts,
    [f"stretch(cells, begins[{n}], begins[{n + 1}])" for n in range(len(Counts._fields))],
)  # fmt: skip
rules_from = _written_out(
    "rules_from", "laws", Rules,
    [
        f"stretch(laws.{kind}, laws.begins[{2 * n}], laws.begins[{2 * n + 1}])"
        for n, kind in enumerate(KIND_OF_RULE.values())
    ],
)  # fmt: skip
settings_from = _written_out(
    "settings_from", "numbers", Settings, [f"numbers[{n}]" for n in range(len(Settings._fields))]
)

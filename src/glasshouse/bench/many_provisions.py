"""A rulebook of more than 800 provisions: how long it takes to read, and what a source names."""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from glasshouse.bench.many_types import with_types
from glasshouse.bench.society import scenario_of
from glasshouse.law.experiment import Experiment
from glasshouse.law.intake import Intake
from glasshouse.law.read_rulebook import Known, read_rulebook
from glasshouse.law.rulebook import AnyProvision, Points, Rulebook, RulebookHeader

TYPES = 1500
"""Act types of which the scenario's rules name more than 800."""

COPY = "a copy under another name, for measuring"


def named_in_a_source(provisions: Iterable[AnyProvision]) -> tuple[AnyProvision, ...]:
    """Give the provisions that some source names: all but the hypotheses."""
    return tuple(one for one in provisions if one.evidence != "hypothesis")


def one_provision_an_act(experiment: Experiment, most: int) -> Experiment:
    """Give the experiment with a provision of its own for every act that points are given for.

    ``most`` provisions are kept. The first act of each stays as its source has it, the others are
    hypotheses: nobody has written them.
    """
    arms = tuple(
        replace(
            arm,
            rulebooks=tuple(
                replace(use, rulebook=_split(use.rulebook, most)) for use in arm.rulebooks
            ),
        )
        for arm in experiment.arms
    )
    return replace(experiment, arms=arms)


def _split(book: Rulebook, most: int) -> Rulebook:
    kept: list[AnyProvision] = [one for one in book.provisions if not isinstance(one, Points)]
    copies: list[AnyProvision] = []
    for one in book.provisions:
        if isinstance(one, Points):
            first, *others = one.acts
            kept.append(one.model_copy(update={"acts": (first,)}))
            copies += (
                one.model_copy(
                    update={
                        "id": f"{one.id}-{act.replace('_', '-')}",
                        "acts": (act,),
                        "evidence": "hypothesis",
                        "qualified": COPY,
                    }
                )
                for act in others
            )
    return book.model_copy(update={"provisions": tuple((kept + copies)[:most])})


def as_text(book: Rulebook) -> str:
    """Give the provisions of a rulebook as a topic file; days stand without quotation marks."""
    said: list[Any] = [
        one.model_dump(mode="json", by_alias=True, exclude_unset=True) for one in book.provisions
    ]
    return re.sub(r'"(\d{4}-\d\d-\d\d)"', r"\1", json.dumps({"provisions": said}, indent=0))


def read_again(book: Rulebook, acts: frozenset[str], counters: frozenset[str]) -> Rulebook | None:
    """Write a rulebook to a folder and read it as any other is read."""
    sources = frozenset(c.source for one in book.provisions for c in (one.cite, *one.also))
    with tempfile.TemporaryDirectory(prefix="glasshouse-bench-") as place:
        folder = Path(place) / book.rulebook
        folder.mkdir()
        header = book.model_dump(mode="json", include=set(RulebookHeader.model_fields))
        (folder / "rulebook.yaml").write_text(json.dumps(header), encoding="utf-8")
        (folder / "rules.yaml").write_text(as_text(book), encoding="utf-8")
        return read_rulebook(folder, Known(sources, acts, counters), Intake())


def large_rulebook(provisions: int) -> tuple[Rulebook, frozenset[str], frozenset[str]]:
    """Give a rulebook of so many provisions, with the acts and the counters that it may name."""
    many = one_provision_an_act(with_types(scenario_of(2048), TYPES), provisions)
    arm = many.arms[-1]
    acts = frozenset(act.id for act in arm.assumptions.acts)
    counters = frozenset(counter.id for counter in arm.assumptions.counters)
    return arm.rulebooks[0].rulebook, acts, counters


def load_seconds(provisions: int = 820) -> float:
    """Measure how long a rulebook of so many provisions takes to read, the shortest of three."""
    book, acts, counters = large_rulebook(provisions)
    took = []
    for _ in range(3):
        began = time.process_time()
        read_again(book, acts, counters)
        took.append(time.process_time() - began)
    return min(took)

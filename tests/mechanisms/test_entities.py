"""Four kinds of scored entity, their representatives, and those who run the schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins

COSTS = "process.listed_enterprise_costs_per_year"
BODIES = {"bodies": {"courts": 0.05, "governments": 0.05}, "enterprises": 0.04}
SMALL = {"people": 16_384, "community_size": 512}


def test_m09_four_kinds_of_entity_are_scored_each_by_its_own_rulebook(
    lab: Lab, twins: type[Twins]
) -> None:
    """M09: a rulebook for one of the four kinds moves the scores of that kind and of no other."""
    kinds = {"person": 1, "enterprise": 2, "court": 3, "government": 4}
    acts = [lab.act(f"{k}_act", who="adult" if k == "person" else k) for k in kinds]
    books = {k: [lab.scale(100), lab.points(f"{k}_act", points=-5)] for k in kinds}
    arms: dict[str, Any] = {k: ((k,), {}) for k in kinds}
    arms |= {"off": ((), {}), "on": (tuple(kinds), {})}
    run = lab.run(acts, books, arms, books_of={k: k for k in kinds}, **BODIES, **SMALL)
    both, kind = twins(run), run.world.rows.kind
    for name, code in kinds.items():
        score = both.read("score_points", name)[:, 0]
        assert (score[kind == code] < 100).mean() > 0.5, name
        entries = both.read("entries", name)
        assert entries[kind == code].sum() > 0
        assert entries[kind != code].sum() == 0
        assert np.array_equal(entries[kind == code], both.read("entries", "on")[kind == code])
    both.assert_rises("entries")


def test_m58_the_listing_of_a_body_reaches_who_stands_for_it(lab: Lab, twins: type[Twins]) -> None:
    """M58: a listed enterprise, court or government bars its representative and nobody else."""
    acts = [lab.act(f"{k}_debt", who=k, per_year=12) for k in ("enterprise", "court", "government")]
    books: dict[str, Any] = {}
    off: list[str] = []
    on: list[str] = []
    for k in ("enterprise", "court", "government"):
        for reach, names in (("person", off), ("representative", on)):
            names.append(f"{k}-{reach}")
            measures = [{"counter": "counter0", "reaches": reach}]
            books[names[-1]] = [lab.register(f"{k}_debt", measures=measures, term={"days": 300})]
    sets = {
        "counters.counter0.attempts_per_year": 6, "counters.counter0.means_loss": 0.01,
    }  # fmt: skip
    run = lab.run(
        acts, books, {"off": (off, {}), "on": (on, {})}, sets=sets,
        books_of={name: name.split("-")[0] for name in books}, **BODIES, **SMALL,
    )  # fmt: skip
    both, rows = twins(run), run.world.rows
    refused = both.read("refusals", "on")
    stands = np.zeros_like(refused, bool)
    for community, slot in zip(*np.nonzero(rows.kind > 1), strict=True):
        stands[community, rows.colleague[community, slot]] = True
    assert refused[stands].sum() > 100
    assert refused[~stands].sum() == 0
    assert both.read("refusals", "off")[rows.kind == 1].sum() == 0
    both.assert_same("listings", "entries")


def test_m58_a_listed_enterprise_costs_its_owner_and_workers(lab: Lab, twins: type[Twins]) -> None:
    """M58: while an enterprise is listed, the means of its owner and of his workplace fall."""
    acts = [lab.act("fraud", who="enterprise", per_year=12)]
    books = {"firms": [lab.register("fraud", term={"days": 300})]}
    run = lab.run(
        acts, books,
        {"off": (("firms",), {}), "on": (("firms",), {COSTS: 0.2})},
        enterprise_books=("firms",), **BODIES, **SMALL,
    )  # fmt: skip
    both, rows = twins(run), run.world.rows
    both.assert_falls("means")
    both.assert_same("listings")
    poorer = both.read("means", "on") < both.read("means", "off")
    owners = np.zeros_like(poorer)
    for community, slot in zip(*np.nonzero(rows.kind == 2), strict=True):
        first = other = int(rows.colleague[community, slot])
        for _ in range(200):
            owners[community, other] = True
            other = int(rows.colleague[community, other])
            if other == first:
                break
    assert poorer.sum() > 1000
    assert not poorer[~owners].any()

"""Published figures and small experiments: what is set, what follows, and what is refused."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from glasshouse.errors import BadInput
from glasshouse.experiment.validation.comparison import Comparison, Tolerance, judged
from glasshouse.experiment.validation.dog_licence import Parameters as Licence
from glasshouse.experiment.validation.published_figures import read_figures
from glasshouse.experiment.validation.registry import RUNNERS
from glasshouse.experiment.validation.runner import Workshop
from glasshouse.experiment.validation.world import packaged
from glasshouse.law.library import Library

CLOSE = Tolerance(rule="monte-carlo", false_alarm=1e-9)
DOGS = {
    "points": 12, "demerits": (3, 6, 12), "within_days": 730, "owners": 100_000, "months": 20,
    "penalised": 1430, "all_points_lost": 122, "people": 16_384,
}  # fmt: skip


def ran(workshop: Workshop, name: str, **said: Any) -> list[Comparison]:
    """Run a runner."""
    runner = RUNNERS[name]
    return list(runner.run(runner.parameters.model_validate(said), (3,), workshop))


def test_the_licence_s_ladder_is_the_rulebook_s() -> None:
    """Twelve, nine, three, nothing; the row's rules are those of the house's rulebook."""
    given = Licence.model_validate(DOGS)
    assert [given.left(n) for n in range(5)] == [12, 9, 3, 0, 0]
    assert given.fatal == 3
    worth: Any = next(p for p in Library().rulebook("jinan-dog-licence-2017").provisions
                      if p.id == "offences")  # fmt: skip
    assert (-worth.points, *(-one for one in worth.repeated.points)) == given.demerits
    assert worth.repeated.within_days == given.within_days


@pytest.mark.parametrize(
    "changed",
    [
        {}, {"demerits": (12,)}, {"demerits": (1, 2, 3, 4)}, {"points": 30, "months": 7},
        {"penalised": 40_000, "all_points_lost": 5000}, {"within_days": 30},
    ],
)  # fmt: skip
def test_any_licence_s_ladder_comes_out_of_the_engine(
    workshop: Workshop, changed: dict[str, Any]
) -> None:
    """Everybody's points are as the ladder says, and as many penalised as the rate was set to."""
    ladder, penalised, _ = judged(ran(workshop, "dog_licence", **{**DOGS, **changed}), CLOSE)
    assert ladder.value == 1
    assert penalised.holds, penalised


def test_equal_rates_do_not_explain_who_lost_all_points(workshop: Workshop) -> None:
    """The published number of owners without points is far from what equal rates give."""
    *_, emptied = ran(workshop, "dog_licence", **DOGS)
    assert not judged([emptied], Tolerance(rule="factor", factor=3.0))[0].holds
    assert emptied.expected == 122
    assert 1e5 * (-math.log1p(-0.0143)) ** 3 / 6 < 0.1


def test_letters_are_followed_at_the_packaged_pace(workshop: Workshop) -> None:
    """Of so many debtors as many pay in so many days as the hazard says, whatever was written."""
    pace = packaged("process")["perform_per_year"]["value"]
    (one,) = ran(workshop, "letters", paid=23, within_days=200, letters=100)
    share = 1 - math.exp(-pace * 200 / 365.2425)
    assert judged([one._replace(expected=100 * share)], CLOSE)[0].holds
    assert not judged([one], CLOSE)[0].holds or abs(one.value - 23) < 23


def test_the_board_needs_more_adults_the_more_it_showed(workshop: Workshop) -> None:
    """In proportion, and above the city's where the city is small."""
    (one,) = ran(workshop, "crossing", displayed=13_930, months=10, city_adults=10_000_000)
    (two,) = ran(workshop, "crossing", displayed=27_860, months=10, city_adults=10_000)
    assert two.value == pytest.approx(2 * one.value)
    sign = Tolerance(rule="sign")
    assert judged([one], sign)[0].holds
    assert not judged([two], sign)[0].holds


def test_the_burden_of_a_trip_is_the_counter_s(workshop: Workshop) -> None:
    """What a refused trip costs in the run is what the counter's assumption says."""
    (one,) = ran(workshop, "evasion_price", premium_yuan=1200.0, people=2048)
    counters = packaged("counters")["counters"]
    assert one.value == pytest.approx(
        next(c for c in counters if c["id"] == "flight")["burden"]["value"]
    )
    with pytest.raises(ValidationError, match="no counter `fligt`"):
        RUNNERS["evasion_price"].parameters.model_validate({"premium_yuan": 1, "counter": "fligt"})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value: 4", "value: -4", "at least 1"),
        ("value: 4", "value: many", "whole number"),
        ("2014-08-03", "August 2014", "date"),
        ("persons", "people", "persons"),
        (", evidence: documented", "", "evidence"),
    ],
)
def test_figures_are_read_strictly(tmp_path: Path, old: str, new: str, said: str) -> None:
    """What is no dated figure in a known unit is refused in its place."""
    path = tmp_path / "figures.yaml"
    text = (
        "figures:\n  - {figure: x, on: 2014-08-03, value: 4, unit: persons, "
        "cite: {source: tickets-refused-2014, at: a}, evidence: documented}\n"
    )
    path.write_text(text, encoding="utf-8")
    assert read_figures(path) == {("2014-08-03", "x"): 4.0}
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput, match=said) as error:
        read_figures(path)
    assert error.value.problems[0].line == 2
    with pytest.raises(BadInput, match="does not exist"):
        read_figures(tmp_path / "nowhere.yaml")


def test_more_lost_than_were_penalised_is_refused() -> None:
    """Totals that contradict one another are told."""
    for changed, said in (
        ({"all_points_lost": 2000}, "more lost all points than were penalised"),
        ({"penalised": 99_000}, "99,000 penalised of 100,000 owners"),
        ({"demerits": (3, 6, 13)}, "a demerit of 13 where a licence has 12 points"),
        ({"demerits": ()}, "at least 1 item"),
    ):
        with pytest.raises(ValidationError, match=said):
            Licence.model_validate({**DOGS, **changed})

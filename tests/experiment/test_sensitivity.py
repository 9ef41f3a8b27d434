"""Sensitivity: what is screened, and a ranking of made results is what they were made by."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.experiment.conftest import METRIC, Made

from glasshouse.errors import BadInput
from glasshouse.experiment import salib
from glasshouse.experiment.design_file import checked
from glasshouse.experiment.free import Free
from glasshouse.experiment.reading import read_by
from glasshouse.experiment.screening import (
    SHARES_OF_A_RANGE,
    Spans,
    corners,
    passes,
    screened,
)
from glasshouse.experiment.sensitivity import rounds_for, sensitivity, unit_points
from glasshouse.experiment.sweep import sweep
from glasshouse.law.experiment import Experiment
from glasshouse.law.library import Library

NOTICE, SPECIFIC, PURSUED = (
    "process.notice_reaches", "process.ability_specificity", "process.pursued"
)  # fmt: skip


def test_a_ranking_is_the_one_that_results_were_made_by() -> None:
    """Weights 5, 2 and 0 over the ranges: that order, those sizes, twice, and signs kept."""
    ranges = {NOTICE: (0.2, 0.8), SPECIFIC: (0.6, 0.7), PURSUED: (0.2, 0.9)}

    def made(sets: dict[str, float]) -> float:
        notice, specific = (sets[NOTICE] - 0.2) / 0.6, (sets[SPECIFIC] - 0.6) / 0.1
        return -5 * notice + 2 * specific + 100 * sets["seed"]  # another seed, another level

    found = sensitivity("pellucid", metric=METRIC, paths=ranges, number=4, executor=Made(made))
    assert [effect.path for effect in found.effects] == [NOTICE, SPECIFIC, PURSUED]
    assert [effect.size for effect in found.effects] == pytest.approx([5.0, 2.0, 0.0], abs=1e-9)
    assert [effect.direction for effect in found.effects[:2]] == pytest.approx([-5.0, 2.0])
    assert found.agreement == pytest.approx(1.0)
    assert [effect.ranks for effect in found.effects] == [(1, 1), (2, 2), (3, 3)]
    assert (found.shared, found.top, found.runs) == (3, 3, 2 * 4 * 4)
    assert found.arm == "scored"


def test_shares_of_variance_of_a_sum() -> None:
    """Of x1 + x2 over ranges of 0.6 and 0.3 the first explains four fifths, the second one."""
    ranges = {NOTICE: (0.2, 0.8), SPECIFIC: (0.5, 0.8)}
    found = sensitivity(
        "pellucid", paths=ranges, method="sobol", number=512,
        executor=Made(lambda sets: sets[NOTICE] + sets[SPECIFIC]),
    )  # fmt: skip
    assert [effect.path for effect in found.effects] == [NOTICE, SPECIFIC]
    assert [effect.size for effect in found.effects] == pytest.approx([0.8, 0.2], abs=0.02)
    assert [effect.direction for effect in found.effects] == pytest.approx([0.8, 0.2], abs=0.02)
    assert found.runs == 2 * 512 * 4


def test_a_ranking_by_chance_is_said_to_be_none() -> None:
    """Results that know nothing of the paths do not agree: the verb does not hide it."""
    rng = np.random.default_rng(1)
    names = (
        "notice_reaches pursued ability_specificity ability_sensitivity perform_per_year"
        " entry_known overturned_if_wrongful overturned_if_rightful performance_refused"
        " contest_if_literate contest_if_not leanings_differ"
    )
    paths = [f"process.{name}" for name in names.split()]
    found = sensitivity("pellucid", paths=paths, number=3, executor=Made(lambda _: rng.normal()))
    assert abs(found.agreement) < 0.9


def test_two_rounds_differ_in_points_and_seed() -> None:
    """Otherwise the second would only repeat the first."""
    made = rounds_for("pellucid", metric=METRIC, paths=[NOTICE, PURSUED], number=4)
    first, second = made.designs
    assert first.points != second.points
    assert (first.seeds, second.seeds) == ((1,), (2,))
    for design in made.designs:
        unit = unit_points(design)
        assert 0.0 <= unit.min() <= unit.max() <= 1.0
        assert np.allclose(unit * 3, np.rint(unit * 3), atol=1e-9)


def test_what_is_screened_is_read_is_on_and_can_vary(told: Experiment) -> None:
    """Types in groups, the rest one by one; what an arm sets itself under the arm; no coverage."""
    read, free = read_by(told), Free(told, drawn=True)
    found = screened(told, "accuracy", read)
    assert {"acts.*.false_per_year", "process.notice_reaches"} <= set(found)
    assert "arms.as-told.response.aware" in found
    assert "response.aware" not in found
    for path in found:
        moved = free.moved_by(path)
        assert moved
        assert not any(name.endswith(("covers_urban", "covers_rural")) for name in moved)
        assert any(name.removeprefix("arms.as-told.") in read for name in moved)
    assert not any(path.startswith(("counters.", "culpability.", "threats.")) for path in found)
    assert any(path.startswith("counters.") for path in screened(told, "due process", read))
    assert any(path.endswith("gravity") for path in screened(told, "unrelated context", read))
    assert 30 < len(found) < 90


def test_what_is_screened_by_default_can_be_run(told: Experiment) -> None:
    """Ranges that the door would refuse are narrowed, and points drawn from them pass it."""
    rounds = rounds_for("as-told", metric=METRIC, number=2)
    assert set(rounds.narrowed) == {"acts.*.per_year", "acts.*.seen_by.*", "detection.*.match"}
    free, design = Free(told, drawn=True), rounds.designs[0]
    for path, ends in zip(design.paths, design.ranges, strict=True):
        low, high = free.range(path)
        assert low <= ends[0] < ends[1] <= high
        assert (path in rounds.narrowed) == (ends != (low, high))
    for point in design.points[:: len(design.points) // 10]:
        assert passes(told, moved(free, dict(zip(design.paths, point, strict=True))))
    assert not passes(told, moved(free, {path: free.range(path)[1] for path in design.paths}))


def moved(free: Free, values: Mapping[str, Any]) -> dict[str, float]:
    """Give the assumptions that a point of a design sets."""
    return {n: float(v) for path, at in values.items() for n, v in free.sets(path, at).items()}


@pytest.mark.parametrize("paths", [1, 2, 3, 6, 7])
def test_any_two_columns_of_the_corners_have_every_pair(paths: int) -> None:
    """And all stand at their low ends once, and at their high ends."""
    found = corners(paths)
    assert found[0].tolist() == [0] * paths
    assert found[1].tolist() == [1] * paths
    for one in range(paths):
        for other in range(one):
            pairs = {tuple(row) for row in found[:, [one, other]].tolist()}
            assert pairs == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_what_the_scenario_itself_has_is_never_left(told: Experiment) -> None:
    """A path narrowed to nothing is left out; what is refused as it stands ends the search."""
    spans = Spans(told, ["acts.*.per_year"])
    spans.steps["acts.*.per_year", 1] = len(SHARES_OF_A_RANGE) - 1
    assert spans.range("acts.*.per_year") == (0.0, 0.5)
    spans.narrow({"acts.*.per_year": 1})
    assert spans.narrowed == {"acts.*.per_year"}


def test_a_mechanism_that_is_off_stays_off_until_it_is_turned_on(told: Experiment) -> None:
    """Threats are screened where a scenario has one."""
    on = Library().resolve("as-told", {"threats.bribe_share": "0.1"})
    read = frozenset(on.arms[0].assumptions.quantities())
    assert "threats.bribe_share" in screened(on, "accuracy", read)
    assert "threats.bribe_share" not in screened(told, "accuracy", read)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"metric": "wrongful_listing"}, "did you mean"),
        ({"metric": METRIC, "arm": "scord"}, "did you mean `scored`"),
        ({"metric": METRIC, "arm": "nothing"}, "no arm `nothing`"),
        ({"metric": METRIC, "paths": ["rules.a.b"]}, "a rule is no parameter"),
        ({"metric": METRIC, "paths": ["detection.camera.covers_urban"]}, "coverage is no free"),
        ({"metric": METRIC, "paths": [NOTICE], "number": 1}, "no spread"),
        ({"metric": METRIC, "paths": [NOTICE], "method": "sobol", "number": 3}, "2 or 4"),
    ],
)  # fmt: skip
def test_what_cannot_be_screened_is_refused(said: dict[str, Any], what: str) -> None:
    """Before anything runs."""
    with pytest.raises(BadInput, match=what):
        rounds_for("pellucid", **said)


# --- SALib --------------------------------------------------------------------------------------


def test_salib_finds_what_the_results_were_made_by(pellucid: Experiment) -> None:
    """Its sampler's points go in, its analyser's indices come out; ours say the same."""
    analyse = pytest.importorskip("SALib.analyze.morris")
    sample = pytest.importorskip("SALib.sample.morris")
    problem = salib.problem("pellucid", {NOTICE: (0.2, 0.8), PURSUED: (0.2, 0.9)})
    points = sample.sample(problem, 8, seed=1)
    design = salib.design(problem, points)
    assert checked(design, pellucid) == design
    made = Made(lambda sets: 3 * sets[NOTICE] - sets[PURSUED])
    swept = sweep("pellucid", design, metrics=[METRIC], executor=made)
    results = swept.by_point(METRIC, "scored")
    found = analyse.analyze(problem, points, results)
    assert list(found["mu_star"]) == pytest.approx([3 * 0.6, 0.7], rel=1e-6)
    assert list(found["names"]) == [NOTICE, PURSUED]


def test_a_foreign_sample_is_held_to_the_same_line(pellucid: Experiment) -> None:
    """What another tool draws is drawn: no rule, no coverage, nothing outside its range."""
    with pytest.raises(BadInput, match="coverage is no free parameter"):
        salib.problem("pellucid", ["detection.camera.covers_urban"])
    problem = {"names": ["detection.camera.covers_urban"], "bounds": [[0.0, 1.0]]}
    with pytest.raises(BadInput, match="coverage is no free parameter"):
        checked(salib.design(problem, [[0.5]]), pellucid)
    problem = {"names": [NOTICE], "bounds": [[0.0, 9.0]]}
    with pytest.raises(BadInput, match="outside the declared range"):
        checked(salib.design(problem, [[8.0]]), pellucid)


def test_the_page_s_lines_about_salib_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of docs/sweeps.md is run as it stands, on made results."""
    pytest.importorskip("SALib")
    import glasshouse as gh

    page = Path(__file__).parents[2] / "docs" / "sweeps.md"
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    (example,) = [block for block in blocks if "SALib" in block]

    class Told(Made):
        def submit(self, fn: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
            made = super().submit(fn, *given, **named).result()
            row = ("as-told", *made.rows[0][1:])
            future: Future[Any] = Future()
            future.set_result(made._replace(rows=(row,)))
            return future

    def run(*given: Any, **named: Any) -> Any:
        executor = Told(lambda sets: 4 * sets[NOTICE] + sets[SPECIFIC])
        return sweep(*given, **named, executor=executor)

    monkeypatch.setattr("glasshouse.experiment.sweep.sweep", run)
    monkeypatch.chdir(tmp_path)
    program = tmp_path / "example.py"
    program.write_text(example, encoding="utf-8")
    place = runpy.run_path(str(program), {"gh": gh})
    assert np.isfinite(place["results"]).all()
    assert len(place["results"]) == len(place["points"]) == 10 * 3

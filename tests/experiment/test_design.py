"""Designs: what is drawn has the property of its name, and everything wrong is said at once."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.errors import BadInput
from glasshouse.experiment import design as designs
from glasshouse.experiment import sampling
from glasshouse.experiment.design_file import checked, read_design, settled
from glasshouse.experiment.free import Free
from glasshouse.law.experiment import Experiment
from glasshouse.law.library import Library
from glasshouse.law.rooms import packaged_root

NOTICE = "process.notice_reaches"
SPECIFIC = "process.ability_specificity"
RANGES = {NOTICE: (0.2, 0.9), SPECIFIC: (0.5, 0.6), "process.pursued": (0.25, 0.75)}


def settle(said: dict[str, Any], experiment: Experiment) -> designs.Design:
    """Settle a design given as a mapping; what is not said is as plain as can be."""
    return settled(read_design({"design": "d", "scenario": "pellucid", **said}), experiment)


def refused(said: dict[str, Any], experiment: Experiment) -> str:
    """Give what is said against a design."""
    with pytest.raises(BadInput) as caught:
        settle(said, experiment)
    assert caught.value.exit_code == 3
    return str(caught.value)


# --- what is drawn ------------------------------------------------------------------------------


@settings(deadline=None)
@given(points=st.integers(1, 40), draw=st.integers(0, 2**40))
def test_each_stripe_of_a_latin_hypercube_holds_one_point(points: int, draw: int) -> None:
    """Along every path each n-th of the range holds exactly one of n points."""
    found = sampling.latin_hypercube(3, points, draw)
    for axis in range(3):
        assert sorted((found[:, axis] * points).astype(int)) == list(range(points))


@settings(deadline=None)
@given(power=st.integers(0, 6), draw=st.integers(0, 2**40))
def test_a_sobol_sequence_is_balanced_at_powers_of_two(power: int, draw: int) -> None:
    """2**m points have one in each of 2**m equal stripes along every path, scrambled or not."""
    found = sampling.sobol_sequence(4, 2**power, draw)
    for axis in range(4):
        assert sorted((found[:, axis] * 2**power).astype(int)) == list(range(2**power))


@settings(deadline=None)
@given(paths=st.integers(1, 12), draw=st.integers(0, 2**40))
def test_a_trajectory_moves_every_path_once_by_two_thirds(paths: int, draw: int) -> None:
    """Each step moves one path, each path moves once, and all stay on the grid of four levels."""
    found = sampling.morris(paths, 5, draw).reshape(5, paths + 1, paths)
    assert set(np.rint(found * 3).ravel()) <= {0, 1, 2, 3}
    assert np.allclose(found * 3, np.rint(found * 3))
    steps = np.diff(found, axis=1)
    assert ((steps != 0).sum(axis=2) == 1).all()
    assert ((steps != 0).sum(axis=1) == 1).all()
    assert np.allclose(np.abs(steps).max(axis=2), 2 / 3)


def test_morris_steps_go_both_ways_and_in_every_order() -> None:
    """Directions and orders are drawn: neither is always the same."""
    found = sampling.morris(3, 64, 1).reshape(64, 4, 3)
    steps = np.diff(found, axis=1)
    assert steps.min() < 0 < steps.max()
    orders = {tuple(np.abs(one).argmax(axis=1)) for one in steps}
    assert orders == set(itertools.permutations(range(3)))


def test_saltelli_takes_one_column_after_the_other_from_the_second_matrix() -> None:
    """A with the k-th column of B, for each k, behind A and B."""
    found = sampling.saltelli(3, 8, 2).reshape(5, 8, 3)
    a, b, mixed = found[0], found[1], found[2:]
    for axis in range(3):
        assert (mixed[axis][:, axis] == b[:, axis]).all()
        others = [other for other in range(3) if other != axis]
        assert (mixed[axis][:, others] == a[:, others]).all()


@pytest.mark.parametrize("kind", sorted(designs.SAMPLED - {"drawn"}))
@settings(deadline=None)
@given(draw=st.integers(0, 1000))
def test_no_point_leaves_its_range(kind: designs.Kind, draw: int) -> None:
    """Every value stands within the range it was drawn from, ends included."""
    found = designs.drawn(kind, RANGES, 4, draw=draw)
    for place, (low, high) in enumerate(RANGES.values()):
        values = [point[place] for point in found.points]
        assert low <= min(map(float, values)) <= max(map(float, values)) <= high
    assert designs.drawn(kind, RANGES, 4, draw=draw) == found


def test_a_grid_has_every_combination_and_members_come_in_order() -> None:
    """Points by points, societies by societies, seeds by seeds, numbered from 0."""
    found = designs.grid({NOTICE: (0.1, 0.2), SPECIFIC: (0.3, 0.4, 0.5)}, seeds=(7, 9))
    assert found.points == tuple(itertools.product((0.1, 0.2), (0.3, 0.4, 0.5)))
    both = found._replace(societies=(1, 2))
    members = list(both.members())
    assert len(members) == both.size == 6 * 2 * 2
    assert [m.number for m in members] == list(range(24))
    assert [(m.point, m.society, m.seed) for m in members[:5]] == [
        (0, 1, 7), (0, 1, 9), (0, 2, 7), (0, 2, 9), (1, 1, 7)
    ]  # fmt: skip


# --- files --------------------------------------------------------------------------------------


def test_every_design_of_the_house_can_be_settled() -> None:
    """The packaged designs are whole, and named for their files."""
    names = Library().names("designs")
    assert names
    for name in names:
        stated = read_design(packaged_root() / "designs" / f"{name}.yaml")
        assert stated.said.design == name
        found = settled(stated, Library().resolve(stated.scenario, stated.sets))
        assert found.size > 1


def test_a_table_is_read_from_a_file_beside_the_design(
    tmp_path: Path, pellucid: Experiment
) -> None:
    """The header names paths, each line is a point, a safeguard is on or off."""
    table = tmp_path / "points.csv"
    table.write_text(f"{NOTICE},safeguards.notice\n0.25,on\n 0.5 ,off\n", encoding="utf-8")
    path = tmp_path / "d.yaml"
    path.write_text(
        "design: d\nscenario: pellucid\nkind: table\ntable: points.csv\n", encoding="utf-8"
    )
    found = settled(read_design(path), pellucid)
    assert found.paths == (NOTICE, "safeguards.notice")
    assert found.points == ((0.25, "on"), (0.5, "off"))


def test_a_flaw_of_a_table_is_told_with_line_and_column(
    tmp_path: Path, pellucid: Experiment
) -> None:
    """Line and cell of the table, not of the design; a short line and a repeated column too."""
    table = tmp_path / "points.csv"
    table.write_text(f"{NOTICE},process.pursud\n0.25,0.5\n7,0.5\n", encoding="utf-8")
    said = {"design": "d", "scenario": "pellucid", "kind": "table", "table": str(table)}
    with pytest.raises(BadInput) as caught:
        settled(read_design(said), pellucid)
    problems = {(p.line, p.column): p for p in caught.value.problems}
    assert "did you mean `process.pursued`" in problems[2, 2].right
    assert "outside the declared range" in problems[3, 1].what
    table.write_text(f"{NOTICE},{NOTICE}\n0.25\n", encoding="utf-8")
    with pytest.raises(BadInput, match="stands twice") as caught:
        read_design(said)
    assert "1 cells under a header of 2" in str(caught.value)
    table.write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="is empty"):
        read_design(said)


def test_a_flaw_of_a_file_is_told_with_its_place(tmp_path: Path, pellucid: Experiment) -> None:
    """The line and column of the path that is wrong."""
    path = tmp_path / "d.yaml"
    path.write_text(
        "design: d\nscenario: pellucid\nkind: grid\nvalues:\n  process.notice_reach: [0.5]\n",
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as caught:
        settled(read_design(path), pellucid)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (5, 3)
    assert "did you mean `process.notice_reaches`" in problem.right


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 2**70), st.floats(), st.text(max_size=8),
    st.sampled_from(["declared", "on", "off", "all", "1e400", NOTICE]),
)  # fmt: skip
ODDER = st.recursive(
    ODD,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from([NOTICE, SPECIFIC, "safeguards.notice", "*", "x"]), inner),
    ),
    max_leaves=6,
)
KEYS = ("rows", "values", "paths", "points", "trajectories", "draw", "seeds", "societies", "set",
        "metrics", "people", "years", "title", "table", "nonsense")  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(
    kind=st.sampled_from(["one", "table", "grid", "latin-hypercube", "sobol", "morris", "x"]),
    said=st.dictionaries(st.sampled_from(KEYS), ODDER, max_size=5),
)
def test_whatever_stands_in_a_design_it_is_settled_or_refused(
    kind: str, said: dict[str, Any], pellucid: Experiment
) -> None:
    """No file gives anything but a design or a message."""
    for name in ("points", "trajectories"):  # large ones are refused elsewhere, and slow to draw
        if isinstance(said.get(name), int):
            said[name] = min(said[name], 64)
    try:
        found = settle({"kind": kind, **said}, pellucid)
    except BadInput:
        return
    assert 0 < found.size <= designs.MOST_MEMBERS


# --- refusals -----------------------------------------------------------------------------------

DRAWN = {"kind": "latin-hypercube", "points": 4}


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({**DRAWN, "paths": {"process.notice_reachs": "declared"}}, "`process.notice_reaches`"),
        ({**DRAWN, "paths": {NOTICE: (0.9, 0.1)}}, "upside down"),
        ({**DRAWN, "paths": {NOTICE: (0.4, 0.4)}}, "is one value"),
        ({**DRAWN, "paths": {NOTICE: (0.5, 7.0)}}, "outside the declared range"),
        ({**DRAWN, "paths": {NOTICE: (0.5, float("nan"))}}, "not a finite number"),
        ({**DRAWN, "paths": {NOTICE: (0.5, float("inf"))}}, "not a finite number"),
        ({**DRAWN, "paths": {}}, "no path varies"),
        ({**DRAWN, "paths": {NOTICE: "declared"}, "points": 0}, "at least 1"),
        ({**DRAWN, "paths": {"rules.pellucid-register.list": "declared"}}, "a rule is no"),
        ({**DRAWN, "paths": {"rulebooks.pellucid-register": "declared"}}, "a rule is no parameter"),
        ({**DRAWN, "paths": {"detection.camera.covers_urban": "declared"}}, "coverage is no free"),
        ({**DRAWN, "paths": {"safeguards.notice": "declared"}}, "is not drawn"),
        ({**DRAWN, "paths": {"people": "declared"}}, "setting of the run"),
        ({**DRAWN, "paths": {"seed": "declared"}}, "replicates stand under `seeds`"),
        ({**DRAWN, "paths": {"society_seed": "declared"}}, "under `societies`"),
        ({**DRAWN, "paths": {"society": "declared"}}, "stated by the scenario"),
        ({**DRAWN, "paths": {"arms.scorde.process.pursued": "declared"}}, "did you mean `scored`"),
        ({**DRAWN, "paths": {"arms.scored.acts.theft.per_year": "declared"}}, "acts"),
        ({**DRAWN, "paths": {"proces.*": "declared"}}, "no assumption that can vary matches"),
        ({**DRAWN, "paths": {NOTICE: "declared", "process.*": "declared"}}, "both set"),
        ({**DRAWN, "paths": {NOTICE: "declared"}, "set": {NOTICE: 0.5}}, "stands under `set` too"),
        ({**DRAWN, "paths": {NOTICE: "declared"}, "points": 200_000}, "at most 100,000"),
        ({**DRAWN, "paths": {NOTICE: "declared"}, "seeds": 0}, "zero replicates"),
        ({**DRAWN, "paths": {NOTICE: "declared"}, "seeds": ()}, "zero replicates"),
        ({**DRAWN, "paths": {NOTICE: "declared"}, "seeds": -3}, "-3 replicates"),
        ({**DRAWN, "paths": {NOTICE: "declared"}, "seeds": (1, 1)}, "stands twice"),
        ({**DRAWN, "paths": {NOTICE: "declared"}, "societies": 0}, "zero societies"),
        ({**DRAWN, "paths": {NOTICE: "declared"}, "seeds": 99_999}, "members"),
        ({**DRAWN, "paths": {NOTICE: "declared"}, "trajectories": 3}, "has no `trajectories`"),
        ({**DRAWN, "paths": {NOTICE: "half"}}, "declared, or [low, high]"),
        ({**DRAWN, "paths": {NOTICE: (0.1, 0.2, 0.3)}}, "a list is no range"),
        ({**DRAWN, "paths": {NOTICE: ("a", "b")}}, "is not a number"),
        ({**DRAWN, "paths": {NOTICE: "declared"}, "seeds": "many"}, "where replicates belong"),
        ({**DRAWN, "paths": {NOTICE: "declared"}, "seeds": (1, -1)}, "-1 is no seed"),
        ({**DRAWN, "paths": {NOTICE: "declared"}, "seeds": (1.5,)}, "1.5 is no seed"),
        ({"kind": "latin-hypercube", "paths": {NOTICE: "declared"}}, "needs `points`"),
        ({"kind": "morris", "paths": {NOTICE: "declared"}, "trajectories": 1}, "no spread"),
        ({"kind": "sobol", "paths": {NOTICE: "declared"}, "points": 100}, "64 or 128"),
        ({"kind": "grid", "values": {NOTICE: ("much",)}}, "is not a number"),
        ({"kind": "grid", "values": {NOTICE: (True,)}}, "not a number"),
        ({"kind": "grid", "values": {NOTICE: ()}}, "no value"),
        ({"kind": "grid", "values": {NOTICE: (0.5, 0.5)}}, "stands twice"),
        ({"kind": "grid", "values": {}}, "no path varies"),
        ({"kind": "grid", "values": {"safeguards.notice": ("maybe",)}}, "on or off"),
        ({"kind": "grid", "values": {"safeguards.notce": ("on",)}}, "did you mean `notice`"),
        ({"kind": "table", "rows": ()}, "the table is empty"),
        ({"kind": "table", "rows": ({NOTICE: 0.5}, {SPECIFIC: 0.5})}, "in every row"),
        ({"kind": "table", "rows": ({NOTICE: 0.5},), "table": "a.csv"}, "one of the two"),
        ({"kind": "one", "points": 3}, "has no `points`"),
        ({"kind": "hill-climb"}, "is not allowed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_what_would_be_right(
    said: dict[str, Any], what: str, pellucid: Experiment
) -> None:
    """One clear message each, and exit code 3."""
    assert what in refused(said, pellucid)


def test_everything_wrong_is_said_at_once(pellucid: Experiment) -> None:
    """A path that is not there, a reversed range and zero replicates, in one message."""
    said = {**DRAWN, "paths": {"process.pursud": "declared", NOTICE: (0.9, 0.1)}, "seeds": 0}
    text = refused(said, pellucid)
    for what in ("unknown path `process.pursud`", "upside down", "zero replicates"):
        assert what in text


def test_a_path_that_an_arm_sets_itself_would_not_vary(told: Experiment) -> None:
    """It is refused, and the path that would vary is named and taken."""
    paths = {"response.aware": "declared"}
    text = refused({**DRAWN, "scenario": "as-told", "paths": paths}, told)
    assert "`arms.as-told.response.aware`" in text
    fine = {"arms.as-told.response.aware": (0.1, 0.9)}
    assert settle({**DRAWN, "scenario": "as-told", "paths": fine}, told).paths == tuple(fine)


def test_coverage_may_be_written_down_and_is_never_drawn(pellucid: Experiment) -> None:
    """A table of coverage compares what its author wrote; a pattern that is drawn leaves it out."""
    path = "detection.camera.covers_urban"
    written = settle({"kind": "grid", "values": {path: (0.2, 0.4)}}, pellucid)
    assert written.points == ((0.2,), (0.4,))
    for drawn in (False, True):
        assert (
            any("covers" in n for n in Free(pellucid, drawn=drawn).members("detection.*")) != drawn
        )


def test_a_group_moves_from_the_low_ends_to_the_high_ends(pellucid: Experiment) -> None:
    """0 sets each to the low end of its range, 0.5 to what it is, 1 to the high end."""
    free = Free(pellucid, drawn=True)
    members = free.members("records.*.loss")
    assert len(members) > 5
    for position in (0.0, 0.25, 0.5, 1.0):
        sets = free.sets("records.*.loss", position)
        assert tuple(sets) == members
        for name, text in sets.items():
            low, high = free.quantities[name].range
            now = free.quantities[name].number
            wanted = {0.0: low, 0.25: (low + now) / 2, 0.5: now, 1.0: high}[position]
            assert float(text) == pytest.approx(wanted)
            assert low <= float(text) <= high


def test_a_design_made_in_python_is_checked_too(pellucid: Experiment) -> None:
    """A wrong path, a value out of range, a row too short, no seeds: all are refused."""
    fine = designs.table([{NOTICE: 0.5}, {NOTICE: 0.6}])
    assert checked(fine, pellucid) == fine
    wrong = {
        "did you mean": fine._replace(paths=("process.notice_reach",)),
        "outside": fine._replace(points=((7.0,),)),
        "2 values for 1 paths": fine._replace(points=((0.5, 0.5),)),
        "zero replicates": fine._replace(seeds=()),
        "replicates stand twice": fine._replace(seeds=(1, 1)),
        "the table is empty": fine._replace(points=()),
        "stands twice": fine._replace(paths=(NOTICE, NOTICE), points=((0.5, 0.5),)),
        "a rule is no parameter": fine._replace(paths=("rules.a.b",), points=(("off",),)),
        "members": fine._replace(seeds=tuple(range(90_000))),
    }
    for what, design in wrong.items():
        with pytest.raises(BadInput, match=what):
            checked(design, pellucid)

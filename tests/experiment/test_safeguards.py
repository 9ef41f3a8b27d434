"""The arms that none dominates: on harm metrics alone, beyond chance, by hand and at random."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.errors import BadInput
from glasshouse.experiment.safeguards import Cell, Table, table_of, undominated
from glasshouse.metrics.registry import METRICS

DAYS, WRONG = "wrongful_person_days", "wrongful_listing_share"
FREE = "free_in_time_share"
"""A metric of which less is worse."""

HARMS = tuple(one.name for one in METRICS if one.harm != "neither")


def exact(**arms: tuple[float, ...]) -> Table:
    """Give a table in which every seed says the same of an arm, so that any difference is real."""
    values = np.array([list(arms.values())] * 3, float)
    return Table(tuple(arms), (DAYS, WRONG, FREE)[: values.shape[2]], values)


def test_without_error_it_is_the_plain_front() -> None:
    """Less of one harm and no more of another dominates; less of one for more of another not."""
    table = exact(told=(9, 9), notice=(9, 4), review=(3, 8), both=(3, 4), less=(2, 6))
    found = undominated(table, (DAYS, WRONG))
    assert found.kept == ("both", "less")
    assert {(one.arm, one.by) for one in found.dropped} == {
        ("told", "both"), ("notice", "both"), ("review", "less"),
    }  # fmt: skip
    assert {one.arm: one.on for one in found.dropped}["notice"] == (DAYS,)
    assert found.circles == ()


def test_ties_stay_together() -> None:
    """Two arms that do the same harm are both kept, or both dropped."""
    found = undominated(exact(a=(1, 1), b=(1, 1), c=(2, 1), d=(2, 1)), (DAYS, WRONG))
    assert found.kept == ("a", "b")
    assert [one.arm for one in found.dropped] == ["c", "d"]


def test_less_is_worse_turns_the_sign() -> None:
    """Of a remedy more is better, so who has less of it is dropped."""
    table = exact(slow=(1, 1, 0.2), fast=(1, 1, 0.8))
    assert undominated(table, (DAYS, FREE)).kept == ("fast",)


def test_a_difference_within_its_error_is_none() -> None:
    """By hand: differences 1, -1, 2, -2 have mean 0; 1, 1.2, 0.8, 1 have mean 1 and error 0.08.

    The t of three degrees is 3.18, so the second differs and the first does not; what two arms
    share (people and luck) goes out of the difference, however much seeds differ.
    """
    luck = np.array([100.0, 500.0, 900.0, 300.0])
    noisy = np.stack([luck, luck + np.array([1, -1, 2, -2])], axis=1)[:, :, None]
    assert undominated(Table(("a", "b"), (DAYS,), noisy), (DAYS,)).kept == ("a", "b")
    clear = np.stack([luck, luck + np.array([1, 1.2, 0.8, 1])], axis=1)[:, :, None]
    assert undominated(Table(("a", "b"), (DAYS,), clear), (DAYS,)).kept == ("a",)


def test_what_is_not_known_decides_nothing() -> None:
    """Where nobody is listed no share of them is wrong: the arm is no better and no worse there."""
    table = exact(told=(9, 0.4), none=(0, math.nan))
    assert undominated(table, (DAYS, WRONG)).kept == ("none",)
    assert undominated(table, (WRONG,)).kept == ("told", "none")


def test_a_circle_that_chance_makes_is_kept_and_told() -> None:
    """A before b, b before c, c before a, each on its own metric and a tie elsewhere: all stay."""
    wide = np.array([-30.0, 30.0, -20.0, 20.0])
    values = np.zeros((4, 3, 3))
    for one, other, metric in ((0, 1, 0), (1, 2, 1), (2, 0, 2)):
        third = 3 - one - other
        values[:, one, metric], values[:, other, metric] = 0.0, 1.0
        values[:, third, metric] = 0.5 + wide
    table = Table(("a", "b", "c"), (DAYS, WRONG, "silent_day_share"), values)
    found = undominated(table, table.metrics)
    assert found.kept == ("a", "b", "c")
    assert found.circles == (("a", "b", "c"),)


def test_nothing_but_harm_is_asked_for() -> None:
    """A metric that is no harm is refused, and so is one that a ruler may want; all at once."""
    table = exact(a=(1, 1), b=(2, 2))
    for name, word in (
        ("listed_share", "no harm"),
        ("contests_won_share", "no harm"),
        ("approval", "unknown metric"),
        ("compliance", "unknown metric"),
        ("wrongful_person_day", f"did you mean `{DAYS}`"),
        ("never_known_share", "the table has no"),
    ):
        with pytest.raises(BadInput) as caught:
            undominated(table, (DAYS, name))
        assert word in str(caught.value), name
    wanted = METRICS[1]._replace(name="conduct", title="conduct improved")
    with pytest.raises(BadInput, match="no harm"):
        undominated(table._replace(metrics=("conduct", WRONG)), ("conduct",), registry=(wanted,))
    with pytest.raises(BadInput, match="no metric is named"):
        undominated(table, ())
    with pytest.raises(BadInput, match="twice"):
        undominated(table, (DAYS, DAYS))


def test_one_run_is_not_enough() -> None:
    """Without a second seed there is no error, and so no difference beyond it."""
    table = exact(a=(1, 1), b=(2, 2))
    with pytest.raises(BadInput, match="2 seeds"):
        undominated(table._replace(values=table.values[:1]), (DAYS,))


def test_a_table_is_made_of_cells_in_any_order() -> None:
    """What a replicate does not say is nan, a part stands behind its metric, None is not known."""
    table = table_of(
        [
            Cell((1, 7), "a", DAYS, "", 3.0),
            Cell((1, 8), "a", DAYS, "", None),
            Cell((1, 8), "b", "detriment_ratio", "over 10", 0.5),
        ]
    )
    assert table.arms == ("a", "b")
    assert table.metrics == (DAYS, "detriment_ratio over 10")
    assert np.array_equal(np.isnan(table.values[:, 0, 0]), [False, True])
    assert table.values[1, 1, 1] == 0.5


def dominates(table: Table, one: int, other: int) -> bool:
    """Say by the definition whether an arm dominates another, one pair and metric at a time."""
    from scipy import stats

    better = worse = False
    for metric in range(len(table.metrics)):
        rest = table.values[:, one, metric] - table.values[:, other, metric]
        rest = rest[np.isfinite(rest)]
        if len(rest) < 2:
            continue
        reach = stats.t.ppf(0.975, len(rest) - 1) * rest.std(ddof=1) / len(rest) ** 0.5
        better |= bool(rest.mean() < -reach)
        worse |= bool(rest.mean() > reach)
    return better and not worse


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_none_dominates_what_is_kept_and_each_that_is_dropped_is_dominated(
    data: st.DataObject,
) -> None:
    """Of the kept none dominates another but in a circle; each dropped one is dominated by a kept.

    So with few or many arms, metrics and seeds, with ties and with what is not known.
    """
    seeds, arms, metrics = (data.draw(st.integers(*ends)) for ends in ((2, 5), (1, 6), (1, 4)))
    number = st.sampled_from([0.0, 0.0, 1.0, 1.0, 2.0, 3.0, math.nan])
    values = data.draw(
        st.lists(number, min_size=seeds * arms * metrics, max_size=seeds * arms * metrics)
    )
    shape = np.array(values).reshape(seeds, arms, metrics)
    bad = tuple(name for name in HARMS if name != FREE)
    worse = tuple(one.name for one in METRICS if one.harm == "more is worse")[:metrics]
    assert set(worse) <= set(bad)
    table = Table(tuple("abcdef"[:arms]), worse, shape)
    found = undominated(table, worse)
    places = {arm: n for n, arm in enumerate(table.arms)}
    assert found.kept
    assert {*found.kept} | {one.arm for one in found.dropped} == set(table.arms)
    around = {arm for circle in found.circles for arm in circle}
    for one in found.kept:
        for other in found.kept:
            if dominates(table, places[one], places[other]):
                assert {one, other} <= around
    for gone in found.dropped:
        assert gone.by in found.kept
        assert gone.on
        assert dominates(table, places[gone.by], places[gone.arm])


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=7
    )
)
def test_without_error_it_agrees_with_the_definition(values: list[tuple[int, ...]]) -> None:
    """Where seeds agree, kept is what no arm equals or betters everywhere and betters once."""
    arms = {f"arm{n}": tuple(map(float, one)) for n, one in enumerate(values)}
    table = Table(tuple(arms), HARMS[:3], np.array([list(arms.values())] * 2))
    signs = [1 if one.harm == "more is worse" else -1 for one in METRICS if one.name in HARMS[:3]]
    harm = {arm: np.array(said) * signs for arm, said in arms.items()}
    front = tuple(
        arm
        for arm in arms
        if not any((harm[o] <= harm[arm]).all() and (harm[o] < harm[arm]).any() for o in arms)
    )
    assert undominated(table, HARMS[:3]).kept == front

"""Privileges: what a high grade opens, what is bought for it, who keeps their friends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins


def graded(lab: Lab, *others: Any, cut: int = 995) -> list[Any]:
    """Give a scale with two grades; a slip costs ten points."""
    return [
        lab.scale(1000),
        lab.rule("grade", "low", grade="Low", at_least=-20000),
        lab.rule("grade", "high", grade="High", at_least=cut),
        lab.points("slip", name="slip", points=-10),
        *others,
    ]


def test_m48_friends_leave_a_low_scorer(lab: Lab, twins: type[Twins]) -> None:
    """M48: whose low grade everyone sees is left by friends; whose grade is their own is not."""
    books = {
        name: graded(lab, lab.rule("visibility", seen_by=name)) for name in ("self", "everyone")
    }
    leave = {"response.friends_leave": 0.8}
    run = lab.run(
        [lab.act("slip", per_year=1)],
        books,
        {"off": (("self",), leave), "on": (("everyone",), leave), "stay": (("everyone",), {})},
        people=4096,
        community_size=256,
    )
    both = twins(run)
    both.assert_rises("friendless_days")
    both.assert_same("score_points", "grade", "acts_culpable", "means")
    alone = both.read("friendless_days", "on")
    assert not alone[both.read("grade", "on")[:, 0] == 1].any()
    assert not both.read("friendless_days", "off").any()
    assert not both.read("friendless_days", "stay").any()
    # Of two friends both leave in 0.8 x 0.8 of the cases, and whoever is left is left for good.
    rows = both.run.world.rows
    here = np.arange(256)[None]
    two = (rows.friend_before != rows.friend_after) & (rows.friend_before != here)
    low = (both.read("grade", "on")[:, 0] == 0) & two & (rows.kind == 1)
    lab.assert_share((alone[low] > 0).sum(), low.sum(), 0.64)


def test_m65_who_has_means_buys_the_points_back(lab: Lab, twins: type[Twins]) -> None:
    """M65: paid-for acts go with means, so the rich climb out of the low grade and the poor stay.

    Nobody pays at no means; the rate at even means is the one that the act says.
    """
    gift = lab.act("gift", "afforded", culpable=False, per_year=6, seen_by={"bank": 1.0})
    books = {
        "off": graded(lab),
        "on": graded(lab, lab.points("gift", name="gift", points=3)),
    }
    game = {"response.gaming_gain": 3, "response.gaming_per_year": 0.9}
    run = lab.run(
        [lab.act("slip", per_year=2), gift],
        books,
        {"off": (("off",), {}), "on": (("on",), {})},
        sets=game,
        people=8192,
        community_size=256,
    )
    both = twins(run)
    both.assert_rises("acts_praised")
    both.assert_rises("score_points")
    both.assert_same("acts_culpable", "means")
    rows = both.run.world.rows
    adult = (rows.kind == 1) & (rows.birth_month <= -18 * 12)
    gifts, means = both.read("acts_praised", "off"), rows.means_start.astype(float) / 65536
    lab.assert_poisson(int(gifts[adult].sum()), float((12 * means[adult]).sum()) * 366 / 365.2425)
    rich, poor = adult & (means > 0.75), adult & (means < 0.25)
    climbed = both.read("grade", "on")[:, 0] - both.read("grade", "off")[:, 0]
    assert climbed[rich].mean() > 1.5 * climbed[poor].mean() > 0

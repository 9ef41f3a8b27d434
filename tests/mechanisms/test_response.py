"""How people change: fear and loss, points and motives, trust, blame, approval, exit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.state.bits import DISCLOSES, GONE

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins

WORLD = {"people": 16_384, "community_size": 256}


def over_after(provision: dict[str, Any], day: str) -> dict[str, Any]:
    """Give a provision that ends on a day."""
    return {**provision, "until": day}


def test_m78_severity_frightens_apart_from_certainty(lab: Lab, twins: type[Twins]) -> None:
    """M78: at weight 1 a loss ten times as large frightens more, at weight 0 it does not."""
    acts = [lab.act("theft", "deterred")]
    books = {
        name: [lab.scale(), lab.points("theft", points=-lost)]
        for name, lost in (("small", 2), ("large", 20))
    }
    fear = {"response.caution_per_entry": 0.2, "response.severe_points": 20}
    felt = {**fear, "response.severity_weight": 1}
    arms = {
        "off": (("small",), felt), "on": (("large",), felt),
        "small": (("small",), fear), "large": (("large",), fear),
    }  # fmt: skip
    run = lab.run(acts, books, arms, sets={"response.deterrence": 0.8}, **WORLD)
    twins(run).assert_rises("caution", by=1000)
    twins(run).assert_falls("acts_culpable")
    twins(run, "small", "large").assert_same("caution", "acts_culpable")
    # A loss of the severe size weighs as one entry does where severity counts for nothing.
    twins(run, "small", "on").assert_same("caution")


def test_m78_a_point_lost_is_felt_more_than_a_point_gained(lab: Lab) -> None:
    """M78: aversion 1.25 makes the fear of one loss 2.25 times the pull of an equal gain."""
    acts = [
        lab.act("theft", "deterred", per_year=0.5),
        lab.act("deed", "rewarded", culpable=False, per_year=0.5),
    ]
    books = {
        "book": [
            lab.scale(),
            lab.points("theft", points=-10, name="minus"),
            lab.points("deed", points=10, name="plus"),
        ]
    }
    sets = {
        "response.severity_weight": 1, "response.severe_points": 10,
        "response.caution_per_entry": 0.1, "response.gaming_per_gain": 0.1,
    }  # fmt: skip
    arms = {"off": (("book",), {}), "on": (("book",), {"response.loss_aversion": 1.25})}
    run = lab.run(acts, books, arms, sets=sets, **WORLD)
    state, score = run.world.state, run.world.state.score_points
    lost, gained = score[:, 1, 0] == 990, score[:, 1, 0] == 1010
    assert lost.sum() > 1000 < gained.sum()
    fear, averse = (int(np.median(state.caution[:, arm][lost])) for arm in (1, 2))
    pull = int(np.median(state.gaming[:, 2][gained]))
    assert fear == pull
    assert abs(averse / pull - 2.25) < 0.001
    assert np.array_equal(state.gaming[:, 1], state.gaming[:, 2])


def test_m108_praised_acts_fall_below_the_never_scored_once_the_points_end(
    lab: Lab, twins: type[Twins]
) -> None:
    """M108: while points are paid praised acts rise; after them they are fewer than without."""
    acts = [lab.act("deed", "rewarded", culpable=False, per_year=12)]
    scale = lab.scale()
    books = {"book": [scale, over_after(lab.points("deed", points=5), "2021-01-01")]}
    books["book"][0] = over_after(scale, "2021-01-01")
    sets = {
        "response.gaming_gain": 2, "response.gaming_per_year": 0.9,
        "response.gaming_fades_per_year": 0.9,
    }  # fmt: skip
    kind = {"response.crowds_per_year": 0.8, "response.crowding": 0.5}
    arms = {"off": (("book",), {}), "on": (("book",), kind)}
    run = lab.run(acts, books, arms, sets=sets, years=4, people=8192, community_size=256)
    during = [sum(r.counts.acts[a].sum() for r in run.history[6:12]) for a in range(3)]
    after = [sum(r.counts.acts[a].sum() for r in run.history[-12:]) for a in range(3)]
    assert during[2] > during[0]
    assert abs(after[1] / after[0] - 1) < 0.03
    assert after[2] < 0.9 * after[0]
    both = twins(run)
    assert both.read("crowded", "on").min() > 20_000
    both.assert_falls("acts_praised")
    assert not both.read("crowded", "off").any()


def distrusting(lab: Lab) -> tuple[list[Any], dict[str, Any], dict[str, float]]:
    """Give a world in which refusals cost trust, with acts of reporting and of speech."""
    acts = [
        lab.act("debt", per_year=2),
        lab.act("report", "reporting", culpable=False, per_year=12),
        lab.act("rant", "chilled", culpable=False, per_year=12),
    ]
    measures = [{"counter": "counter0", "reaches": "person"}]
    points = [
        lab.points("report", points=2, name="told"),
        lab.points("rant", points=-2, name="said"),
    ]
    listing = lab.register("debt", measures=measures, term={"days": 300})
    sets = {
        "counters.counter0.attempts_per_year": 24, "response.trust_lost_per_refusal": 0.2,
        "response.silence_per_entry": 0.1, "response.chilling": 0.5,
    }  # fmt: skip
    return acts, {"book": [lab.scale(), *points, listing]}, sets


def test_m131_trust_moves_reports_and_silence(lab: Lab, twins: type[Twins]) -> None:
    """M131: who distrusts the authority reports fewer others, and falls more silent."""
    acts, books, sets = distrusting(lab)
    arms = {
        "off": (("book",), {}),
        "on": (("book",), {"response.trust_moves_reporting": 0.9}),
        "hushed": (("book",), {"response.trust_moves_silence": 0.9}),
    }
    run = lab.run(acts, books, arms, sets=sets, **WORLD)
    both = twins(run)
    both.assert_falls("acts_praised", by=100)
    both.assert_same("acts_lawful", "acts_culpable")
    hushed = twins(run, "off", "hushed")
    hushed.assert_rises("silence")
    hushed.assert_falls("acts_lawful")
    hushed.assert_same("acts_praised")
    # Reports fall by the distrust that was there, and by no more than the nine tenths set.
    trusting = both.read("trust", "on") == 65_535
    assert trusting.any()
    praised = [both.read("acts_praised", arm)[trusting] for arm in ("off", "on")]
    never = both.read("refusals", "on")[trusting] == 0
    assert np.array_equal(praised[0][never], praised[1][never])


def test_m131_no_trust_lowers_the_chance_of_a_contest(lab: Lab) -> None:
    """M131: where trust moves contest, those who lost it contest less."""
    acts, books, sets = distrusting(lab)
    contest = {
        "window_days": 1000, "decide_days": 30, "suspends": False, "counted_from": "knowledge",
    }  # fmt: skip
    books["book"][-1] = {**books["book"][-1], "contest": contest}
    sets = {**sets, "process.contest_if_literate": 1, "process.contest_if_not": 1}
    arms = {"off": (("book",), {}), "on": (("book",), {"response.trust_moves_contest": 0.9})}
    run = lab.run(acts, books, arms, sets=sets, years=2, **WORLD)
    filed = [lab.total(run, "contests", arm) for arm in (1, 2)]
    assert filed[1] < filed[0] - lab.sigmas * filed[0] ** 0.5


def test_m99_lost_trust_is_put_down_to_officials_on_the_spot(lab: Lab, twins: type[Twins]) -> None:
    """M99: of the trust that refusals cost, the set share is blamed on the spot, none is lost."""
    acts, books, sets = distrusting(lab)
    arms = {"off": (("book",), {}), "on": (("book",), {"response.blame_local": 0.75})}
    run = lab.run(acts, books, arms, sets=sets, **WORLD)
    local, centre = (
        [lab.total(run, f"trust_lost_{whom}", arm) for arm in (1, 2)]
        for whom in ("local", "centre")
    )
    assert local[0] == 0 < centre[0]
    assert sum(local) + sum(centre) == 2 * centre[0]
    assert abs(local[1] / centre[0] - 0.75) < 0.001
    twins(run).assert_same("trust", "acts_praised")


def campaigns(lab: Lab) -> tuple[list[Any], dict[str, Any]]:
    """Give acts and books of campaigns alone, one by each way of working."""
    acts = [
        lab.act("theft", "deterred", per_year=12),
        lab.act("rant", "chilled", culpable=False, per_year=12),
        lab.act("deed", "rewarded", culpable=False, per_year=12),
        lab.act("bill", "strained", per_year=12),
    ]
    books = {
        "lower": [lab.rule("campaign", acts=["theft", "bill"], change=-0.5, by="education")],
        "raise": [lab.rule("campaign", acts=["deed"], change=0.5, by="prominence")],
        "both": [
            lab.rule("campaign", "one", acts=["rant"], change=-1.0, by="default"),
            lab.rule("campaign", "two", acts=["deed"], change=-0.25, by="education"),
        ],
    }
    return acts, books


CARRIES = {
    "response.education_carries": 1, "response.prominence_carries": 1,
    "response.default_carries": 1, "response.gaming_gain": 1.5,
}  # fmt: skip


@pytest.mark.parametrize(
    ("book", "factors"),
    [("lower", (0.5, 1, 1, 0.5)), ("raise", (1, 1, 1.5, 1)), ("both", (1, 0, 0.75, 1))],
)
def test_m126_m127_a_campaign_moves_its_acts_and_records_nothing(
    lab: Lab, book: str, factors: tuple[float, ...]
) -> None:
    """M126 and M127: named acts change by the set share, no others; nobody is seen or scored."""
    acts, books = campaigns(lab)
    run = lab.run(acts, {book: books[book]}, {"on": ((book,), {})}, sets=CARRIES, **WORLD)
    done = [lab.count(run, "acts", arm) for arm in (0, 1)]
    for kind, factor in enumerate(factors):
        if factor > 1:
            lab.assert_share(int(done[0][kind]), int(done[1][kind]), 1 / factor)
        elif factor == 1:
            assert done[0][kind] == done[1][kind]
        else:
            lab.assert_share(int(done[1][kind]), int(done[0][kind]), factor)
    for name in ("acts_seen", "entries", "scored", "listed", "aware_persons", "caution_sum"):
        assert lab.total(run, name) == 0, name


def test_m127_less_of_it_comes_about_than_it_aims_at(lab: Lab) -> None:
    """M127: where a fifth of a campaign carries, half as many acts becomes a tenth fewer."""
    acts, books = campaigns(lab)
    arms = {"on": (("lower",), {"response.education_carries": 0.2})}
    run = lab.run(acts, {"lower": books["lower"]}, arms, sets=CARRIES, **WORLD)
    done = [lab.count(run, "acts", arm) for arm in (0, 1)]
    lab.assert_share(int(done[1][0]), int(done[0][0]), 0.9)


def test_m66_habit_outlasts_the_incentive(lab: Lab, twins: type[Twins]) -> None:
    """M66: when the points have ended and fear has faded, those with a habit still do less."""
    acts = [lab.act("theft", "deterred", per_year=12)]
    points = over_after(lab.points("theft", points=-5), "2021-01-01")
    books = {"book": [over_after(lab.scale(), "2021-01-01"), points]}
    sets = {
        "response.caution_per_entry": 0.8, "response.deterrence": 0.5,
        "response.caution_fades_per_year": 0.99, "response.habit_keeps": 0.4,
    }  # fmt: skip
    arms = {"off": (("book",), {}), "on": (("book",), {"response.habit_per_year": 0.9})}
    run = lab.run(acts, books, arms, sets=sets, years=4, people=8192, community_size=256)
    after = [sum(r.counts.acts[a].sum() for r in run.history[-12:]) for a in range(3)]
    assert abs(after[1] / after[0] - 1) < 0.02
    assert after[2] < 0.9 * after[0]
    twins(run).assert_falls("acts_culpable")
    assert twins(run).read("entries", "on").any()


def test_m107_those_with_means_leave_and_do_no_more(lab: Lab, twins: type[Twins]) -> None:
    """M107: the able who lost trust leave, are richer than the rest, and act and count no more."""
    acts, books, sets = distrusting(lab)
    sets = {**sets, "response.leaves_above_means": 0.6}
    arms = {"off": (("book",), {}), "on": (("book",), {"response.leaves_per_year": 2})}
    run = lab.run(acts, books, arms, sets=sets, years=2, **WORLD)
    both, last = twins(run), run.history[-1].counts
    gone = (both.read("bits", "on") & GONE) != 0
    assert gone.sum() == last.gone[2].sum() > 100
    assert last.persons[2].sum() + gone.sum() == last.persons[1].sum()
    means = both.read("means", "on")
    adult = (run.world.rows.kind == 1) & (run.world.rows.birth_month <= -20 * 12)
    assert means[gone].mean() > means[adult & ~gone].mean() + 8000
    assert means[gone].min() >= round(0.6 * 65536)
    both.assert_falls("acts_lawful")
    both.assert_falls("refusals")
    # Nobody who stayed does anything else; who left did no more afterwards than before.
    assert (both.read("acts_lawful", "on")[gone] <= both.read("acts_lawful", "off")[gone]).all()
    stayed = ~gone
    done = [both.read("acts_culpable", arm)[stayed] for arm in ("off", "on")]
    assert np.array_equal(done[0], done[1])
    assert not (both.read("bits", "off") & GONE).any()


def test_m123_silence_unravels_and_costs(lab: Lab, twins: type[Twins]) -> None:
    """M123: ever more people publish their score, until only the lowest keep silent and pay."""
    acts = [lab.act("deed", "rewarded", culpable=False, per_year=4)]
    scored = over_after(lab.points("deed", points=3), "2020-07-01")
    grades = [
        lab.rule("grade", name, grade=name, at_least=at)
        for name, at in (("low", 0), ("good", 1000))
    ]
    favour = lab.rule("privilege", grade="good", counters=["counter0"])
    books = {"book": [lab.scale(1000, 0, 2000), *grades, scored, favour]}
    sets = {"counters.counter0.attempts_per_year": 6}
    tells = {"response.discloses": 1}
    arms = {
        "off": (("book",), {}), "on": (("book",), tells),
        "low": (("book",), {**tells, "response.silence_read_as_low": 1}),
    }  # fmt: skip
    run = lab.run(acts, books, arms, sets=sets, years=2, **WORLD)
    told = [int(record.counts.disclosing[2].sum()) for record in run.history]
    people = int(run.history[0].counts.scored[2].sum())
    later = told[7:]
    assert later == sorted(later)
    assert 0 < told[0] < told[3] < later[-1] < people
    # At the end every score above the lowest is published, and silence is taken for the lowest.
    score = twins(run).read("score_points", "on")[:, 0]
    person = run.world.rows.kind == 1
    open_ = (twins(run).read("bits", "on") & DISCLOSES) != 0
    assert np.array_equal(open_[person], score[person] > score[person].min())
    # The silent get no privilege, and are refused where silence is read as a low score.
    both = twins(run, "off", "on")
    both.assert_falls("privileges")
    assert lab.total(run, "refusals", 2) == 0
    refused = twins(run, "on", "low")
    refused.assert_rises("refusals", by=1)
    assert not refused.read("refusals", "low")[open_].all()


def test_m128_strangers_are_trusted_more_where_breaches_fall(lab: Lab, twins: type[Twins]) -> None:
    """M128: trust in strangers rises with fewer breaches and with good records that all see."""
    acts = [lab.act("theft", "deterred", per_year=6, domain="commercial")]
    points = [lab.scale(), lab.points("theft", points=-1)]
    books = {"book": points, "shown": [*points, lab.rule("visibility", seen_by="everyone")]}
    sets = {
        "response.strangers_lost_per_breach": 0.1, "response.strangers_recover_per_year": 0.5,
        "response.caution_per_entry": 0.5,
    }  # fmt: skip
    moves = {"response.deterrence": 0.7}
    gains = {"response.strangers_gained_by_records": 0.5}
    arms = {
        "off": (("book",), {}), "on": (("book",), moves),
        "hidden": (("book",), gains), "shown": (("shown",), gains),
    }  # fmt: skip
    run = lab.run(acts, books, arms, sets=sets, **WORLD)
    both = twins(run)
    both.assert_rises("strangers", by=100_000)
    both.assert_falls("acts_culpable")
    assert np.array_equal(both.read("strangers", "nothing"), both.read("strangers", "off"))
    assert np.array_equal(both.read("strangers", "hidden"), both.read("strangers", "off"))
    twins(run, "hidden", "shown").assert_rises("strangers", by=100_000)
    both.assert_same("trust")
    # Everybody of a community hears the same; breaches without a victim elsewhere stay there.
    level = both.read("strangers", "on")
    assert (level == level[:, :1])[run.world.rows.kind > 0].all()
    assert run.history[-1].counts.strangers_sum[2].sum() == level[run.world.rows.kind > 0].sum()


def test_m128_breaches_of_office_are_not_breaches_among_strangers(lab: Lab) -> None:
    """M128: a wrong against an office, and a lawful act, leave trust in strangers alone."""
    acts = [
        lab.act("evasion", domain="administrative"),
        lab.act("rant", culpable=False, domain="social"),
    ]
    sets = {"response.strangers_lost_per_breach": 1}
    run = lab.run(acts, {"book": [lab.scale(), lab.points("rant", points=-1)]}, sets=sets, **WORLD)
    assert lab.total(run, "acts") > 0
    assert (run.world.state.strangers == 32768).all()


def test_m68_approval_falls_with_what_is_shown_and_with_being_hit(lab: Lab) -> None:
    """M68: four in five approve, fewer by the set size when informed, more when asked aloud."""
    acts, books, sets = distrusting(lab)
    sets = {**sets, "response.approval_base": 0.8, "response.information_lowers": 0.12}
    arms = {
        "plain": (("book",), {}),
        "informed": (("book",), {"response.informed_share": 1}),
        "aloud": (("book",), {"response.conceals": 0.5}),
        "hit": (("book",), {"response.approval_lost_if_hit": 0.5}),
        "distrust": (("book",), {"response.trust_moves_approval": 0.5}),
    }
    run = lab.run(acts, books, arms, sets=sets, **WORLD)
    last = run.history[-1].counts
    asked = int(last.asked[1].sum())
    yes = dict(zip(("nothing", *arms), (int(n.sum()) for n in last.approves), strict=True))
    aloud = int(last.approves_declared[3].sum())
    lab.assert_share(yes["plain"], asked, 0.8)
    lab.assert_share(yes["informed"], asked, 0.68)
    lab.assert_share(aloud, asked, 0.8 + 0.2 * 0.5)
    assert yes["plain"] == yes["nothing"] == yes["aloud"]
    hit = (run.world.outcome.refusals[:, 1] > 0) | (run.world.outcome.listings[:, 1] > 0)
    adult = (run.world.rows.kind == 1) & (
        (run.plan.steps[-1].age_month - run.world.rows.birth_month.astype(int)) // 12 >= 18
    )
    lab.assert_share(yes["plain"] - yes["hit"], int((hit & adult).sum()), 0.4)
    assert yes["distrust"] < yes["plain"]


def test_m30_an_honour_board_is_an_example_to_those_who_live_near(
    lab: Lab, twins: type[Twins]
) -> None:
    """M30: who stands on a published red list raises praised acts of friends and neighbours."""
    acts = [
        lab.act("deed", "rewarded", culpable=False, per_year=4),
        lab.act("feat", culpable=False, per_year=0.2),
    ]
    books = {
        name: [
            lab.scale(),
            lab.points("deed", points=1),
            lab.register(
                "feat", colour="red", published=name == "board", term={"days": 1000},
                notice={"required": False},
                measures=[{"counter": "counter0", "reaches": "person", "gives": "privilege"}],
            ),
        ]
        for name in ("quiet", "board")
    }  # fmt: skip
    sets = {"response.gaming_gain": 2, "response.honour_moves": 0.5}
    arms = {
        "off": (("board",), {"response.honour_moves": 0}), "on": (("board",), {}),
        "quiet": (("quiet",), {}),
    }  # fmt: skip
    run = lab.run(acts, books, arms, sets=sets, **WORLD)
    both, rows = twins(run), run.world.rows
    both.assert_rises("acts_praised")
    both.assert_same("acts_culpable", "caution", "gaming")
    assert lab.total(run, "honoured", 2) > 0
    twins(run, "off", "quiet").assert_same("acts_praised")
    # Nobody moves who has no friend or neighbour on the board, and nobody does less.
    on_board = run.world.state.listed[:, 2] != 0
    near = np.zeros_like(on_board)
    for tie in (rows.friend_before, rows.friend_after, rows.neighbour):
        at = np.minimum(tie.astype(int), tie.shape[1] - 1)
        near |= np.take_along_axis(on_board, at, axis=1)
    more = both.read("acts_praised", "on") - both.read("acts_praised", "off")
    assert (more >= 0).all()
    assert not more[~near].any()


def test_m80_an_audience_frightens_and_no_score_shown_frightens_nobody(
    lab: Lab, twins: type[Twins]
) -> None:
    """M80: people hear nothing of a secret score; a low grade that others see frightens them."""
    acts = [lab.act("theft", "deterred", per_year=1)]
    rules = [
        lab.scale(100, 0, 200),
        lab.rule("grade", "low", grade="Low", at_least=0),
        lab.rule("grade", "good", grade="Good", at_least=95),
        lab.points("theft", points=-10),
    ]
    books = {
        who: [*rules, lab.rule("visibility", seen_by=who)]
        for who in ("nobody", "self", "neighbours", "everyone")
    }
    arms: dict[str, Any] = {name: ((name,), {}) for name in books}
    hear = {"response.caution_per_entry": 0.3, "response.deterrence": 0.5}
    run = lab.run(acts, books, arms, sets=hear, **WORLD)
    assert not twins(run).read("caution", "nobody").any()
    twins(run, "nobody", "self").assert_rises("caution")
    twins(run, "nobody", "self").assert_falls("acts_culpable")
    ties = {"response.caution_per_tie_listed": 0.2, "response.silence_per_tie_listed": 0.2}
    run = lab.run(acts, books, arms, sets=ties, **WORLD)
    assert not twins(run).read("caution", "self").any()
    for column in ("caution", "silence"):
        twins(run, "self", "neighbours").assert_rises(column)
        twins(run, "neighbours", "everyone").assert_rises(column)


def test_m62_points_are_bought_by_acts_of_no_use_to_others(lab: Lab, twins: type[Twins]) -> None:
    """M62: points from worthless acts are counted apart, and gaming buys more of them."""
    acts = [
        lab.act("purchase", "rewarded", culpable=False, worthless=True),
        lab.act("help", "rewarded", culpable=False),
        lab.act("gift", "rewarded", culpable=False),
    ]
    rules = [
        lab.scale(),
        lab.points("purchase", points=3, name="bought"),
        lab.points("help", points=1, name="given"),
    ]
    sets = {"response.gaming_gain": 3}
    arms = {"off": (("book",), {}), "on": (("book",), {"response.gaming_per_year": 1})}
    run = lab.run(acts, {"book": rules}, arms, sets=sets, **WORLD)
    both = twins(run)
    for arm, number in (("off", 1), ("on", 2)):
        entries = both.count("entries", arm)
        bought, gained = (lab.total(run, f"points_{how}", number) for how in ("bought", "gained"))
        assert bought == 3 * entries[0]
        assert gained == bought + entries[1]
        lab.assert_share(int(entries[0]), int(entries[:2].sum()), 0.5)
    assert lab.total(run, "points_bought", 2) > 2 * lab.total(run, "points_bought", 1)
    # What is of use and earns nothing is not done more.
    assert both.count("acts", "off")[2] == both.count("acts", "on")[2]

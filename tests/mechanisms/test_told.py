"""Told scores of other kinds: ties, stars, rewards alone, companies, the six places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse import session
from glasshouse.engine.plan.plan import make_plan
from glasshouse.law.library import Library
from glasshouse.law.rulebook import Association, Listing, Points, Privilege, Scale

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins

    from glasshouse.engine.simulation import Simulation

FIVE = tuple(
    f"national-score-{text}"
    for text in (
        "big-brother", "rollout", "worse-than-you-think", "west-concerned", "orwells-nightmare",
    )
)  # fmt: skip
PLACES = ("beijing", "jiangsu", "ningxia", "shanghai", "shenzhen", "yunnan")
EIGHT = tuple(f"commercial-score-{letter}" for letter in "abcdefgh")


def packaged(
    lab: Lab,
    folder: Path,
    arms: Sequence[tuple[str, tuple[str, ...], tuple[str, ...]]],
    people: int = 8192,
    years: int = 1,
) -> Simulation:
    """Run packaged rulebooks beside nothing: each arm's name, its rulebooks, what is left out."""
    lines = [
        "scenario: told", "title: t", "question: q", "society: china-2020", f"people: {people}",
        "start: 2018-01", f"years: {years}", "seed: 3", "community_size: 512",
        "set: {response.consents: 1.0}", "arms:", "  - {arm: nothing}",
    ]  # fmt: skip
    for name, books, without in arms:
        lines.append(f"  - arm: {name}")
        lines.append("    rulebooks: [" + ", ".join(f"{{rulebook: {b}}}" for b in books) + "]")
        if without:
            lines.append(f"    without: [{', '.join(without)}]")
    path = folder / "told.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lab.finished(make_plan(Library().resolve(path)), lab.compiled)


def of_kind(name: str, kind: type[Any]) -> list[Any]:
    """Give the provisions of a kind of a packaged rulebook."""
    return [p for p in Library().rulebook(name).provisions if isinstance(p, kind)]


# --- the five texts ----------------------------------------------------------------------------


def test_each_text_has_a_rulebook_that_cites_it_and_no_other_text() -> None:
    """What one text says and another does not stays apart: contradictions are variants."""
    sources = (
        "big-brother-excerpt-2020", "rollout-opinion-2018", "worse-than-you-think-2019",
        "west-concerned-2018", "orwells-nightmare-2017",
    )  # fmt: skip
    for name, own in zip(FIVE, sources, strict=True):
        for provision in Library().rulebook(name).provisions:
            assert provision.cite.source == own, (name, provision.id)
            assert not {also.source for also in provision.also} & set(sources)


def test_where_the_texts_contradict_one_another_their_rulebooks_differ() -> None:
    """Start, ban, purchases, exercise, schools, notice: each as its own text has it."""
    starts = {name: of_kind(name, Scale)[0].start for name in FIVE}
    assert starts[FIVE[0]] == 1000
    assert {starts[name] for name in FIVE[1:]} == {0}
    named = {
        name: {act for p in of_kind(name, Points) for act in p.acts} for name in FIVE
    }  # fmt: skip
    assert [name for name in FIVE if "exercise" in named[name]] == ["national-score-west-concerned"]
    assert "diapers_bought" in named["national-score-worse-than-you-think"]
    denied = {p.id: p for p in of_kind("national-score-orwells-nightmare", Points)}
    assert denied["diapers"].evidence == denied["idle"].evidence == "contested"
    lists = {name: {one.list_id: one for one in of_kind(name, Listing)} for name in FIVE}
    assert lists["national-score-rollout"]["travel"].term.days == 365
    assert "180 days by rail" in lists["national-score-rollout"]["travel"].reading.rivals[0]
    assert lists["national-score-west-concerned"]["blacklist"].contest.window_days == 10
    assert lists["national-score-worse-than-you-think"]["debtors"].contest is None
    assert not lists["national-score-worse-than-you-think"]["debtors"].notice.required
    school = lists["national-score-west-concerned"]["school-bar"]
    assert "no track record: off" in school.reading.rivals
    assert any(m.counter == "private_school" for m in lists[FIVE[1]]["low-score"].measures)


# --- ties --------------------------------------------------------------------------------------


def test_m32_a_score_moves_with_those_one_is_tied_to(lab: Lab, twins: type[Twins]) -> None:
    """M32: a tie's shortfall lowers one's own number although one did nothing; conduct is alike."""
    acts = [lab.act("slip", per_year=2.0)]
    plain = [lab.scale(1000), lab.points("slip", points=-20)]
    tied = [
        *plain,
        lab.rule("association", "friends-pull", ties="friends", share=0.25),
        lab.rule("association", "household-pulls", ties="household", share=0.25),
    ]
    arms: Any = {"off": (("plain",), {}), "on": (("tied",), {})}
    run = lab.run(acts, {"plain": plain, "tied": tied}, arms, people=16_384, community_size=512)
    both = twins(run)
    both.assert_same("acts_culpable", "entries")
    both.assert_falls("score_points", 0)
    persons = run.world.rows.kind == 1
    alone, together = (both.read("score_points", arm)[:, 0][persons] for arm in ("off", "on"))
    assert (together <= alone).all()
    clean = alone == 1000
    assert 0 < (together[clean] < 1000).sum() < clean.sum()
    told = of_kind("national-score-as-told", Association)
    assert {p.ties: p.share for p in told} == {"friends": 0.05, "household": 0.05}


# --- stars -------------------------------------------------------------------------------------


def test_m74_everybody_rates_everybody(lab: Lab, twins: type[Twins]) -> None:
    """M74: stars given by others shun people for no wrong of theirs, and buy kindness."""
    acts = [
        lab.act("well", "rewarded", culpable=False, per_year=6.0, seen_by={"platform": 1.0}),
        lab.act(
            "badly", "unmoved", culpable=False, per_year=1.5, false_per_year=0.5,
            seen_by={"platform": 1.0},
        ),
    ]  # fmt: skip
    book = [
        lab.scale(250, 0, 500),
        lab.rule("grade", "shunned", grade="below two", at_least=0),
        lab.rule("grade", "two", grade="two", at_least=200),
        lab.rule("grade", "four", grade="four", at_least=300),
        lab.points("well", name="rated-well", points=10),
        lab.points("badly", name="rated-badly", points=-50),
        lab.rule("privilege", grade="four", counters=["counter0"]),
        lab.rule(
            "list", "shunned-list", list="shunned", title="shunned",
            grounds=[{"id": "stars", "grade_at_most": "below two"}], ability_test=False,
            term={"until": "grade_recovers"}, notice={"required": True}, contest="none",
            published=True, measures=[{"counter": "counter1", "reaches": "person"}],
        ),
    ]  # fmt: skip
    sets = {
        "counters.counter0.attempts_per_year": 4, "counters.counter1.attempts_per_year": 4,
        "response.gaming_gain": 2, "response.gaming_per_year": 1, "response.aware": 1,
    }  # fmt: skip
    arms: Any = {"off": ((), {}), "on": (("stars",), {})}
    run = lab.run(acts, {"stars": book}, arms, sets=sets, people=16_384, community_size=512)
    both = twins(run)
    for column in ("listed_days", "refusals", "privileges", "acts_praised"):
        both.assert_rises(column)
    stock = lab.count(run, "listed", 2).reshape(-1, 4).sum(axis=0)
    rightly, wrongly = stock[0], stock[1:].sum()
    assert rightly == 0
    assert wrongly > 100
    scores = both.read("score_points", "on")[:, 0][run.world.rows.kind == 1]
    assert 0 <= scores.min() < scores.max() <= 500


def test_m74_the_packaged_stars_are_fiction_from_0_to_500(lab: Lab) -> None:
    """M74: nought to five stars, all of it fiction, and a scenario that makes ratings frequent."""
    book = Library().rulebook("peer-rating-as-told")
    assert {p.evidence for p in book.provisions} == {"fiction"}
    (scale,) = of_kind("peer-rating-as-told", Scale)
    assert (scale.floor, scale.cap) == (0, 500)
    plan = make_plan(Library().resolve("nosedive", {"people": "4096", "years": "1"}))
    run = lab.finished(plan, lab.compiled)
    place = plan.names.acts.index("encounter_rated_well")
    rated = int(lab.count(run, "entries")[place])
    assert rated / 4096 > 5
    assert lab.total(run, "listed") > 0


# --- rewards alone -----------------------------------------------------------------------------


def test_m77_rewards_alone_list_nobody(lab: Lab, twins: type[Twins], tmp_path: Path) -> None:
    """M77: without the stick nobody is listed or refused and wrongs are as without a scheme."""
    name = "national-score-rewards-only"
    assert not of_kind(name, Listing)
    assert min(p.extremes[0] for p in of_kind(name, Points)) > 0
    assert {p.id for p in of_kind(name, Privilege)} == {
        p.id for p in of_kind("national-score-as-told", Privilege)
    }
    arms: Any = [("off", ("national-score-as-told",), ()), ("on", (name,), ())]
    run = packaged(lab, tmp_path, arms, people=16_384, years=4)
    both = twins(run)
    both.assert_falls("listed_days")
    both.assert_rises("score_points", 0)
    assert both.by_community("listed_days", "on").sum() == 0
    assert both.by_community("refusals", "on").sum() == 0
    assert both.by_community("privileges", "on").sum() > 0
    assert np.array_equal(both.read("acts_culpable", "on"), both.read("acts_culpable", "nothing"))


# --- companies ---------------------------------------------------------------------------------


def test_m117_a_company_scores_more_than_repayment(
    lab: Lab, twins: type[Twins], tmp_path: Path
) -> None:
    """M117: 350 to 950; what the company denies can be taken out, and then players stand higher."""
    name = "commercial-score-as-told"
    denied = tuple(f"{name}/{one}" for one in ("games", "diapers", "browsing", "posts"))
    contested = {p.id: p.evidence for p in Library().rulebook(name).provisions}
    assert {contested[path.rpartition("/")[2]] for path in denied} == {"contested"}
    run = packaged(lab, tmp_path, [("off", (name,), denied), ("on", (name,), ())])
    both = twins(run)
    both.assert_falls("score_points", 0)
    for arm in ("off", "on"):
        scores = both.read("score_points", arm)[:, 0][run.world.rows.kind == 1]
        assert 350 <= scores.min() < scores.max() <= 950
        assert both.by_community("listed_days", arm).sum() == 0
    dimensions = ("identity", "ability", "history", "connections", "behaviour")
    for dimension in dimensions:
        assert any(provision.startswith(dimension) for provision in contested), dimension


def test_m118_eight_companies_disagree_about_one_person(
    lab: Lab, twins: type[Twins], tmp_path: Path
) -> None:
    """M118: eight scores put many people into different grades; one score cannot."""
    run = packaged(lab, tmp_path, [("off", EIGHT[:1], ()), ("on", EIGHT, ())], people=4096)
    both = twins(run)
    assert both.count("graded_apart", "off").sum() == 0
    grades = both.read("grade", "on")[:, : len(EIGHT)]
    persons = run.world.rows.kind == 1
    apart = int(((grades.max(axis=1) > grades.min(axis=1)) & persons).sum())
    last = run.history[-1].counts
    arm = run.plan.names.arms.index("on")
    assert int(last.graded_apart[arm].sum()) == apart
    assert 0.05 < apart / persons.sum() < 0.95
    both.assert_same("acts_culpable")


# --- something else instead --------------------------------------------------------------------


def test_comparators_keep_to_what_they_are(lab: Lab, twins: type[Twins], tmp_path: Path) -> None:
    """A bureau knows repayment, a paper file is never known, a campaign writes nothing down."""
    money = {act for p in of_kind("western-credit-bureau", Points) for act in p.acts}
    finance = {act.id for act in Library().assumptions().acts if act.context == "finance"}
    assert money - finance == {"campus_loan_debt"}
    arms = [(name, (name,), ()) for name in ("western-credit-bureau", "personnel-file-as-told")]
    arms += [(name, (name,), ()) for name in ("education-campaign", "platform-nudging")]
    run = packaged(lab, tmp_path, arms, years=3)
    both = twins(run, "nothing", "education-campaign")
    both.assert_falls("acts_culpable")
    for arm in ("nothing", "education-campaign", "platform-nudging"):
        assert both.by_community("listed_days", arm).sum() == 0
        assert not both.count("scored", arm).any()
    listed = {arm: both.by_community("listed_days", arm).sum() for arm, _, _ in arms}
    assert listed["personnel-file-as-told"] > 0
    assert listed["western-credit-bureau"] > 0
    assert both.count("known_by_notice", "personnel-file-as-told").sum() == 0
    assert both.count("known_by_notice", "western-credit-bureau").sum() > 0
    assert both.count("exposed_days", "personnel-file-as-told").sum() == 0


def test_a_bureau_knows_borrowers_and_declines_who_has_no_file(
    lab: Lab, twins: type[Twins], tmp_path: Path
) -> None:
    """Who never borrowed has no score, and is declined for that where insurers ask for one."""
    name = "western-credit-bureau"
    book = Library().rulebook(name)
    assert (book.covers, book.thin_file) == ("borrower", "refused")
    run = packaged(lab, tmp_path, [("off", ("personnel-file-as-told",), ()), ("on", (name,), ())])
    both = twins(run)
    persons = int((run.world.rows.kind == 1).sum())
    insurance = run.plan.names.counters.index("insurance")
    assert 0 < run.history[-1].counts.scored[2].sum() <= persons
    assert both.count("refusals", "on")[insurance] > 100
    assert both.count("refusals", "off")[insurance] == 0


# --- six places --------------------------------------------------------------------------------


def test_the_six_places_differ_in_the_table_alone() -> None:
    """What the paper tells of the whole country is the same in all six, provision by provision."""
    common: list[Any] = []
    for place in PLACES:
        book: Any = Library().rulebook(f"place-{place}-as-told")
        told = [p for p in book.provisions if not p.cite.at.startswith("table of places")]
        common.append([p.model_copy(update={"title": None}) for p in told])
        table = [p for p in book.provisions if p.cite.at.startswith("table of places")]
        assert table
        for provision in table:
            assert provision.points == -1
            assert "one point is a mark, not an amount" in provision.reading.text
            assert len(provision.reading.rivals) == 2
    assert all(one == common[0] for one in common)


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> session.Run:
    """The packaged scenario of the six places, small."""
    return session.run(
        "six-places", people=1024, years=1, out=tmp_path_factory.mktemp("six") / "run",
        set={"community_size": 128}, threads=1,
    )  # fmt: skip


def test_one_life_is_listed_in_some_places_and_not_in_others(six: session.Run) -> None:
    """The same conduct under six rulebooks, side by side: here it lists, there it does not."""
    listed = (
        "listed_days_rightly + listed_days_not_theirs + listed_days_could_not + listed_days_lawful"
    )
    rows = six.outcomes().filter(f"{listed} > 0").project("person, arm").fetchall()
    by_person: dict[int, set[str]] = {}
    for person, arm in rows:
        by_person.setdefault(person, set()).add(arm)
    some = {person: where for person, where in by_person.items() if 0 < len(where) < len(PLACES)}
    assert len(some) > 20
    assert set().union(*some.values()) >= {"shenzhen", "shanghai", "yunnan"}
    person = min(some, key=lambda one: (-len(some[one]), one))
    life = six.life(person)
    assert set(PLACES) < set(life.arms)
    acts: dict[int, list[tuple[Any, int]]] = {}
    listings: set[str] = set()
    for event in life.events:
        if event.what == "act":
            acts.setdefault(event.arm, []).append((event.day, event.first))
        if event.what == "listed":
            listings.add(life.arms[event.arm])
    assert listings == some[person]
    assert len(acts) == len(life.arms)
    text = life.text(200)
    assert all(place in text for place in PLACES)


def test_five_texts_list_different_people(lab: Lab, twins: type[Twins]) -> None:
    """Where the texts contradict one another are arms of one scenario; each moves it."""
    plan = make_plan(Library().resolve("five-texts", {"people": "4096", "community_size": "512"}))
    run = lab.finished(plan, lab.compiled, steps=12)
    both = twins(run)
    ever = {
        arm: int((both.read("listed_days", arm).sum(axis=1) > 0).sum()) for arm in plan.names.arms
    }
    assert ever["nothing"] == ever["rewards-first"] == 0
    assert ever["as-told"] < ever["nightmare-company-denies"] < ever["nightmare"]
    assert ever["worse-not-unified"] < ever["worse-not-imagined"] < ever["worse"]
    school_bar = twins(run, "west-concerned-no-school", "west-concerned")
    school_bar.assert_rises("listed_days")
    school = plan.names.counters.index("private_school")
    refused = {
        arm: int(both.count("attempts", arm)[school])
        for arm in ("west-concerned", "west-concerned-no-school")
    }
    assert refused["west-concerned"] > refused["west-concerned-no-school"] == 0

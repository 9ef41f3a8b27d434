"""What a refusal stems from: whose listing, for an act of which context, and what else would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.engine.plan.plan import make_plan
from glasshouse.state.counts import PATHS

if TYPE_CHECKING:
    from tests.engine.conftest import Lab

    from glasshouse.engine.simulation import Simulation

OFTEN = {"counters.counter0.attempts_per_year": 12, "counters.counter1.attempts_per_year": 12}
SMALL: dict[str, Any] = {"people": 2048, "community_size": 256}


def closing(act: str, reaches: str = "person", **said: Any) -> Any:
    """Give what a list says that closes counter0 for a year."""
    measures = [{"counter": "counter0", "reaches": reaches}]
    return {"grounds": [{"id": "acts", "acts": [act]}], "term": {"days": 365}, **said} | {
        "measures": measures
    }


def paths(lab: Lab, run: Simulation, arm: int = 1) -> dict[str, int]:
    """Give the yuan by path, without those of nothing."""
    found = lab.count(run, "burden_by_path", arm)
    return {name: int(n) for name, n in zip(PATHS, found, strict=True) if n}


def origins(lab: Lab, run: Simulation, arm: int = 1) -> dict[tuple[str, str], int]:
    """Give the yuan by origin and context, without those of nothing."""
    names = run.plan.names
    found = lab.count(run, "burden_by_origin", arm).reshape(len(names.origins), -1)
    return {
        (origin, context): int(found[i, j])
        for i, origin in enumerate(names.origins)
        for j, context in enumerate(names.contexts)
        if found[i, j]
    }


@pytest.fixture(scope="module")
def everything(lab: Lab) -> Simulation:
    """A year under every kind of rule."""
    return lab.finished(make_plan(lab.everything(people=4096)), lab.compiled)


@pytest.mark.parametrize("arm", [0, 1])
def test_every_yuan_has_one_path_and_one_origin(lab: Lab, everything: Simulation, arm: int) -> None:
    """Paths, origins and contexts each sum to the burden, as counted and as people bear it."""
    run, names = everything, everything.plan.names
    outcome = run.world.outcome
    burden = lab.total(run, "burden_yuan", arm)
    by_origin = lab.count(run, "burden_by_origin", arm).reshape(len(names.origins), -1)
    assert burden == lab.total(run, "burden_by_path", arm) == by_origin.sum()
    borne = outcome.burden_yuan[:, arm].astype(int).sum(axis=(0, 2))
    assert by_origin.sum(axis=0).tolist() == borne.tolist()
    assert (burden > 0) == (arm == 1)


def test_what_people_bear_of_each_kind_is_what_is_counted(lab: Lab, everything: Simulation) -> None:
    """Unrelated, for a score, for others: the columns' sums are the counts'."""
    run, names = everything, everything.plan.names
    outcome, contexts = run.world.outcome, run.plan.experiment.arms[1].assumptions.contexts
    by_origin = lab.count(run, "burden_by_origin").reshape(len(names.origins), -1)
    apart = [
        [not contexts.are_related(origin, context) for context in names.contexts]
        for origin in contexts.names
    ]
    out_of_place = by_origin[: len(apart)][np.array(apart)].sum() + by_origin[-1].sum()
    assert outcome.burden_unrelated_yuan[:, 1].sum() == out_of_place > 0
    assert outcome.burden_score_yuan[:, 1].sum() == by_origin[-2].sum() > 0
    found = paths(lab, run)
    assert set(found) == set(PATHS)
    assert outcome.burden_for_others_yuan[:, 1].sum() == found["another"]


def test_gravity_is_that_of_the_acts_done(lab: Lab, everything: Simulation) -> None:
    """A person's wrongs weigh what their fair fines sum to; what is no wrong weighs nothing."""
    judged = {j.act: j for j in everything.plan.experiment.arms[1].assumptions.culpability}
    for arm in (0, 1):
        acts = lab.count(everything, "acts", arm)
        fines = [
            round(judged[act].gravity.number) * judged[act].culpable
            for act in everything.plan.names.acts
        ]
        assert everything.world.outcome.gravity_yuan[:, arm].sum() == (acts * fines).sum() > 0


def test_an_act_that_is_no_wrong_has_no_gravity(lab: Lab) -> None:
    """What the file of culpability calls no wrong weighs nothing, whatever fine it names."""
    acts = [lab.act("slip", gravity=70), lab.act("talk", culpable=False, gravity=9_999)]
    run = lab.run(acts, {"book": [lab.scale()]}, sets={}, **SMALL)
    outcome = run.world.outcome
    assert np.array_equal(outcome.gravity_yuan, 70 * outcome.acts_culpable)
    assert outcome.acts_culpable.any()


def test_refusals_by_copies_are_those_whose_path_is_a_copy(
    lab: Lab, everything: Simulation
) -> None:
    """A copy is what is stated only where nothing else bars; many bars are at most all of them."""
    refusals = lab.count(everything, "refusals")
    overdetermined = lab.count(everything, "refusals_overdetermined")
    assert (overdetermined <= refusals).all()
    assert 0 < overdetermined.sum() < refusals.sum()
    assert lab.total(everything, "refusals_by_stale_copies") > 0


@pytest.mark.parametrize("related", [(), (("finance", "travel"),), (("travel", "finance"),)])
def test_a_debt_that_bars_a_flight_is_out_of_place_unless_declared_related(
    lab: Lab, related: tuple[tuple[str, str], ...]
) -> None:
    """The act's context against the counter's: by the relation alone, in either direction."""
    acts = [lab.act("debt", context="finance")]
    run = lab.run(
        acts, {"book": [lab.register(**closing("debt"))]}, sets=OFTEN, related=related, **SMALL
    )
    burden = lab.total(run, "burden_yuan")
    assert burden == 100 * lab.total(run, "attempts") > 0
    assert origins(lab, run) == {("finance", "travel"): burden}
    assert paths(lab, run) == {"own_rightly": burden}
    outcome = run.world.outcome
    assert outcome.burden_unrelated_yuan.sum() == (0 if related else burden)
    assert outcome.burden_score_yuan.sum() == outcome.burden_for_others_yuan.sum() == 0


def test_the_same_context_is_never_out_of_place(lab: Lab) -> None:
    """Every context is related to itself."""
    acts = [lab.act("disorder", context="travel")]
    run = lab.run(acts, {"book": [lab.register(**closing("disorder"))]}, sets=OFTEN, **SMALL)
    assert lab.total(run, "burden_yuan") > 0
    assert run.world.outcome.burden_unrelated_yuan.sum() == 0


def test_an_act_of_somebody_else_is_the_path_not_theirs(lab: Lab) -> None:
    """The path of a listing of one's own is its label."""
    sets = {**OFTEN, "detection.camera.wrong_person": 1}
    run = lab.run(
        [lab.act("debt")], {"book": [lab.register(**closing("debt"))]}, sets=sets, **SMALL
    )
    assert set(paths(lab, run)) == {"own_not_theirs"}
    talk = [lab.act("talk", culpable=False)]
    run = lab.run(talk, {"book": [lab.register(**closing("talk"))]}, sets=OFTEN, **SMALL)
    assert set(paths(lab, run)) == {"own_lawful"}


def test_who_is_not_listed_is_refused_for_another(lab: Lab) -> None:
    """Where a list reaches the household, whoever was never listed bears all for somebody else."""
    book = [lab.register(**closing("debt", reaches="household"))]
    acts = [lab.act("debt", per_year=0.1, seen_by={"camera": 1.0})]
    run = lab.run(acts, {"book": book}, sets=OFTEN, **SMALL)
    assert set(paths(lab, run)) == {"own_rightly", "another"}
    outcome = run.world.outcome
    burden = outcome.burden_yuan[:, 1].sum(axis=1)
    others = outcome.burden_for_others_yuan[:, 1]
    never = outcome.listings[:, 1] == 0
    assert (others[never] == burden[never]).all()
    assert others[never].sum() > 0
    assert (others[~never] < burden[~never]).any()


def test_a_grade_that_lists_is_a_score_s_doing(lab: Lab) -> None:
    """Behind a listing by grade stands no single act, and no context of one."""
    book = [
        lab.scale(100),
        lab.rule("grade", "low", grade="Low", at_least=-10_000),
        lab.rule("grade", "good", grade="Good", at_least=100),
        lab.points("slip", points=-5),
        lab.register(
            **{**closing("slip"), "grounds": [{"id": "low", "grade_at_most": "Low"}]},
        ),
    ]
    run = lab.run([lab.act("slip")], {"book": book}, sets=OFTEN, **SMALL)
    burden = lab.total(run, "burden_yuan")
    assert paths(lab, run) == {"score": burden}
    assert origins(lab, run) == {("score", "travel"): burden}
    outcome = run.world.outcome
    assert outcome.burden_score_yuan.sum() == burden > 0
    assert outcome.burden_unrelated_yuan.sum() == 0


def test_a_thin_file_is_refused_for_what_is_not_known(lab: Lab) -> None:
    """Who has no file is refused without a listing; those who borrow have one and are not."""
    book = [
        lab.scale(100),
        lab.rule("grade", "low", grade="Low", at_least=0),
        lab.register(**{**closing("slip"), "grounds": [{"id": "never", "acts": ["never"]}]}),
    ]
    run = lab.run(
        [lab.act("slip"), lab.act("never", per_year=0.001, seen_by={"camera": 0.0})],
        {"book": book},
        sets=OFTEN,
        headers={"book": {"covers": "borrower", "thin_file": "refused"}},
        **SMALL,
    )
    burden = lab.total(run, "burden_yuan")
    assert paths(lab, run) == {"thin_file": burden}
    assert run.world.outcome.burden_score_yuan.sum() == burden > 0
    assert lab.total(run, "refusals_overdetermined") == 0


def test_a_copy_that_nobody_corrects_refuses_in_the_name_of_the_act(lab: Lab) -> None:
    """After the end of a listing its copy is the path, and the act's context still the origin."""
    acts = [lab.act("debt", context="finance", per_year=0.5)]
    said = {**closing("debt"), "term": {"days": 20}}
    sets = {**OFTEN, "process.copies_stale": 1.0}
    run = lab.run(acts, {"book": [lab.register(**said)]}, sets=sets, **SMALL)
    found = paths(lab, run)
    assert set(found) == {"own_rightly", "stale_copy"}
    burden = lab.total(run, "burden_yuan")
    assert origins(lab, run) == {("finance", "travel"): burden}
    assert run.world.outcome.burden_unrelated_yuan.sum() == burden


def test_who_stands_for_a_body_bears_its_listing(lab: Lab) -> None:
    """A listed enterprise's representative is refused for another, until the listing ends."""
    acts = [lab.act("fault", who="enterprise", per_year=3.0)]
    book = [lab.register(**closing("fault", reaches="representative"))]
    run = lab.run(
        acts, {"book": book}, sets=OFTEN, enterprises=0.04, enterprise_books=("book",), **SMALL
    )
    burden = lab.total(run, "burden_yuan")
    assert paths(lab, run) == {"another": burden}
    assert run.world.outcome.burden_for_others_yuan.sum() == burden > 0
    short = [lab.register(**{**closing("fault", reaches="representative"), "term": {"days": 1}})]
    sets = {**OFTEN, "process.copies_stale": 1.0}
    freed = lab.run(
        acts, {"book": short}, sets=sets, enterprises=0.04, enterprise_books=("book",), **SMALL
    )
    assert lab.total(freed, "burden_yuan") < burden / 5


def test_where_officials_list_without_a_ground_no_context_is_related(lab: Lab) -> None:
    """What nothing grounds has an origin of its own, and is out of place at every counter."""
    acts = [lab.act("talk", "chilled", culpable=False), lab.act("never", seen_by={"camera": 0.0})]
    sets = {**OFTEN, "threats.opponents_listed_per_year": 12}
    run = lab.run(acts, {"book": [lab.register(**closing("never"))]}, sets=sets, **SMALL)
    burden = lab.total(run, "burden_yuan")
    assert origins(lab, run) == {("no_ground", "travel"): burden}
    assert run.world.outcome.burden_unrelated_yuan.sum() == burden > 0


def test_two_lists_for_one_act_leave_no_refusal_to_one_reason(lab: Lab) -> None:
    """Where each of two listings bars, dropping the one that is stated changes nothing."""
    acts = [lab.act("debt")]
    twice = [lab.register(name=name, **closing("debt")) for name in ("one", "two")]
    alone, both = (
        lab.run(acts, {"book": book}, sets=OFTEN, **SMALL) for book in (twice[:1], twice)
    )
    assert lab.total(alone, "refusals_overdetermined") == 0
    assert lab.total(both, "refusals_overdetermined") == lab.total(both, "refusals") > 0
    assert lab.total(alone, "refusals") == lab.total(both, "refusals")
    assert paths(lab, alone) == paths(lab, both)


def test_the_first_reason_is_the_oldest_of_one_s_own(lab: Lab) -> None:
    """Of two listings of one's own the earlier is stated: here the one for the act that is seen."""
    acts = [lab.act("debt", context="finance", per_year=1), lab.act("talk", context="speech")]
    book = [lab.register(name="a", **closing("talk")), lab.register(name="b", **closing("debt"))]
    run = lab.run(acts, {"book": book}, sets=OFTEN, **SMALL)
    found = origins(lab, run)
    assert set(found) == {("finance", "travel"), ("speech", "travel")}
    # Talk comes four times as often, so that it is mostly the first.
    assert found["speech", "travel"] > 2 * found["finance", "travel"]


def test_fines_that_a_column_could_not_hold_are_refused(lab: Lab) -> None:
    """A gravity that could overflow in a run is asked about at the door."""
    acts = [lab.act("slip", gravity=99_999)]
    with pytest.raises(Exception, match="are too grave"):
        lab.plan(acts, {"book": [lab.scale()]}, years=80, **SMALL)

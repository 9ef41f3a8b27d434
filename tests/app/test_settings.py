"""The controls of the page: data that moves assumptions within their ranges, and nothing else."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from glasshouse.app.settings import Controls, Setting, read_controls, written
from glasshouse.engine.plan.door import enter
from glasshouse.law.control import ControlsFile, take_controls
from glasshouse.law.intake import Intake
from glasshouse.law.library import Library
from glasshouse.law.load import parse


@cache
def house() -> tuple[Library, Controls]:
    """The packaged rooms and their controls."""
    library = Library()
    return library, read_controls(library)


def end_of(controls: Controls, which: int) -> dict[str, Setting]:
    """Every control at one end of its range."""
    return {
        name: bool(which) if control.range is None else control.range[which]
        for name, control in controls.by_id.items()
    }


@pytest.mark.parametrize("which", [0, 1])
def test_every_control_can_be_set_at_both_ends_of_its_range(which: int) -> None:
    """What a control says it sets is what `--set` takes, at the low end and at the high one."""
    library, controls = house()
    scenario = library.scenario("compare")
    sets = controls.sets(scenario, end_of(controls, which))
    experiment = library.resolve("compare", {**sets, "people": "64", "years": "1"})
    moved = experiment.arms[-1].assumptions.quantities()
    for control in controls.by_id.values():
        for path in control.set or ():
            assert control.range is not None
            assert moved[path].number == pytest.approx(control.range[which])
    on = {one.safeguard.safeguard for one in experiment.arms[-1].safeguards}
    assert on == ({c.safeguard for c in controls.by_id.values() if c.safeguard} if which else set())


def test_what_a_control_says_at_an_end_of_its_range_can_be_run() -> None:
    """No end of a control is refused at the door of the engine when it is moved alone."""
    library, controls = house()
    scenario = library.scenario("as-told")
    for name, control in controls.by_id.items():
        for end in (True,) if control.range is None else control.range:
            sets = controls.sets(scenario, {name: end})
            enter(library.resolve("as-told", {**sets, "people": "64", "years": "1"}))


def test_an_arm_with_a_value_of_its_own_is_moved_as_well() -> None:
    """A slider moves what it names in every arm, those included that state it for themselves."""
    library, controls = house()
    sets = controls.sets(library.scenario("compare"), {"aware": 0.5})
    assert sets == {"response.aware": "0.5", "arms.as-told.response.aware": "0.5"}


def test_a_factor_stays_within_the_range_of_each_assumption() -> None:
    """Four times the error is four times what is assumed of each channel, or the most it may be."""
    library, controls = house()
    sets = controls.sets(library.scenario("as-told"), {"detection-error": 4.0})
    assert sets["detection.bank.wrong_person"] == "0.016"
    assert sets["detection.camera.wrong_person"] == "0.1"


def test_a_control_stands_where_the_scenario_has_it() -> None:
    """What the page shows before anything is moved is the value of the last scored arm."""
    library, controls = house()
    scenario = library.scenario("as-told")
    assert controls.value_in(controls.by_id["aware"], scenario) == 0.9
    assert controls.value_in(controls.by_id["detection-error"], scenario) == 1.0
    assert controls.value_in(controls.by_id["expiry"], scenario) is False


def test_no_control_reaches_a_rule() -> None:
    """A control names assumptions and safeguards: no provision, no rulebook, no arm, no setting."""
    _, controls = house()
    for control in controls.by_id.values():
        for path in control.paths:
            is_safeguard = path.startswith("safeguards.")
            assert is_safeguard or path in controls.quantities, path
            assert not path.startswith(("rules.", "arms.", "rulebook"))


def test_the_status_is_that_of_the_weakest_assumption() -> None:
    """Where one of several assumptions is a guess, the control says so."""
    _, controls = house()
    assert controls.status(controls.by_id["detection-error"]) == "guess"
    assert controls.status(controls.by_id["deterrence"]) == "cited"
    assert controls.status(controls.by_id["notice-for-all"]) == "documented"


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("expirie", True, "did you mean `expiry`"),
        ("aware", 0.99, "from 0.05 to 0.95"),
        ("aware", True, "a number from"),
        ("aware", "0.5", "a number from"),
        ("expiry", 1.0, "true or false"),
    ],
)
def test_a_setting_that_cannot_be_made_says_what_would_be_right(
    name: str, value: object, what: str
) -> None:
    """Unknown names, values out of range and values of another kind are refused in words."""
    _, controls = house()
    assert what in " ".join(controls.flaw(name, value) or ())


SLIDER = "{id: a, title: A, words: W, set: [process.notice_reaches], %s}"


@pytest.mark.parametrize(
    ("control", "what"),
    [
        (SLIDER % "range: [0.1, 0.9], step: 0.1, unit: share", "wider than that of"),
        (SLIDER % "range: [0.3, 0.3], step: 0.1, unit: share", "the range is empty"),
        (SLIDER % "range: [0.3, 0.9]", "a slider without a scale"),
        (SLIDER % "safeguard: notice", "it moves one kind of thing"),
        ("{id: a, title: A, words: W, safeguard: notic}", "did you mean `notice`"),
        ("{id: a, title: A, words: W, safeguard: notice, step: 1}", "a switch has no scale"),
        (
            "{id: a, title: A, words: W, set: [rules.b.p], range: [0, 1], step: 1, unit: u}",
            "is no assumption",
        ),
    ],
)
def test_a_file_of_controls_is_checked_at_the_door(control: str, what: str) -> None:
    """A range wider than the assumption's, a rule, two kinds at once: each is refused."""
    _, controls = house()
    intake = Intake()
    document = parse(f"order: 1\ngroup: G\ncontrols:\n  - {control}\n".encode(), "controls/x.yaml")
    take_controls(document, controls.quantities, controls.evidence, intake)
    assert any(what in str(problem) for problem in intake.problems), intake.problems


def test_two_controls_of_one_path_are_rivals(tmp_path: Any) -> None:
    """A room in which two controls move one assumption is refused."""
    from glasshouse.law.control import read_controls as read_room

    _, controls = house()
    room = tmp_path / "controls"
    room.mkdir()
    text = "order: 1\ngroup: G\ncontrols:\n"
    for name in ("a", "b"):
        slider = SLIDER % "range: [0.3, 0.9], step: 0.1, unit: share"
        text += f"  - {slider.replace('id: a, title: A', f'id: {name}, title: {name}')}\n"
    (room / "x.yaml").write_text(text)
    intake = Intake()
    read_room(tmp_path, controls.quantities, controls.evidence, intake)
    assert "process.notice_reaches" in str(intake.problems[0])


def test_groups_stand_in_their_order() -> None:
    """The page shows the groups as their files say, whatever the files are called."""
    _, controls = house()
    orders = [group.order for group in controls.groups]
    assert orders == sorted(orders)
    assert all(isinstance(group, ControlsFile) for group in controls.groups)


@pytest.mark.parametrize(
    ("number", "text"), [(1.0, "1"), (0.1 + 0.2, "0.3"), (1e-06, "1e-06"), (0.016, "0.016")]
)
def test_a_number_is_written_short_and_read_as_the_same(number: float, text: str) -> None:
    """What stands in the command is what the run was given."""
    assert written(number) == text
    assert float(text) == pytest.approx(number)

"""A scene tells what the run holds: the same people, the same events, the same numbers."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from click.testing import CliRunner

from glasshouse.app.header import LEAST_SPAN, wide_enough
from glasshouse.app.messages import NO_AGE, Kind, Message
from glasshouse.app.scene import scene_of
from glasshouse.app.shown import CAP_PEOPLE, communities_shown
from glasshouse.cli import main
from glasshouse.engine import journal

if TYPE_CHECKING:
    from glasshouse.session import Run


def only(scene: list[Message], kind: Kind) -> list[Any]:
    """What the messages of a kind say."""
    return [one.said for one in scene if one.kind is kind]


def test_a_scene_has_everything_in_its_order(small: Run, scene: list[Message]) -> None:
    """First the header and the people, then every step and its counts, then the finish."""
    steps = small.provenance.steps
    kinds = [one.kind for one in scene]
    every_step = [Kind.STEP, Kind.COUNTS] * steps
    assert kinds == [Kind.HEADER, Kind.PEOPLE, *every_step, Kind.FINISH]
    assert [step for step, _ in only(scene, Kind.STEP)] == list(range(steps))


def test_numbers_on_the_page_are_those_of_metrics(small: Run, scene: list[Message]) -> None:
    """The finish holds the rows of `glasshouse metrics --json`, every one, as they are."""
    typed = CliRunner().invoke(main, ["metrics", str(small.path), "--json"], catch_exceptions=False)
    (finish,) = only(scene, Kind.FINISH)
    assert finish["metrics"] == json.loads(typed.stdout)["rows"]
    assert finish["digest"] == small.digest


def test_counts_on_the_page_are_those_of_the_table_of_months(
    small: Run, scene: list[Message]
) -> None:
    """What stands beside the dots is counted over the whole run, as `months` counts it."""
    arms = [arm.arm for arm in small.provenance.arms]
    told = only(scene, Kind.COUNTS)
    for row in small.months().rows():
        said = told[row["step"]]["arms"][arms.index(row["arm"])]
        for name in ("persons", "listed_persons", "refusals", "acts", "listings_open_not_theirs"):
            assert said[name] == row[name]
        assert said["means"] == pytest.approx(row["means"], abs=1e-6)


def test_everybody_shown_has_their_age_and_place(small: Run, scene: list[Message]) -> None:
    """The rows shown are those of the outcome table, in the order of their address."""
    (people,) = only(scene, Kind.PEOPLE)
    (header,) = only(scene, Kind.HEADER)
    rows = small.outcomes().filter("arm = 'nothing'").order("person").rows()
    assert header["people"] == len(people.number) == len(rows)
    for place, row in enumerate(rows):
        age = NO_AGE if row["age_years"] is None else row["age_years"]
        flags = people.flags[place]
        assert people.age_years[place] == age
        assert people.number[place] == row["slot"]
        assert header["communities"][people.community[place]]["province"] == row["province"]
        assert bool(flags & 1) is (row["sex"] == "female")
        assert bool(flags & 2) is row["urban"]
        assert ("person", "enterprise", "court", "government")[flags >> 2] == row["kind"]


def test_every_event_that_touches_standing_is_there(small: Run, scene: list[Message]) -> None:
    """What `life` tells of a person is what the scene tells of the same row, day by day."""
    person = small.worth_following()
    life = small.life(person)
    days = np.cumsum([0, *(step["days"] for step in only(scene, Kind.HEADER)[0]["steps"])])
    told = []
    for step, events in only(scene, Kind.STEP):
        mine = events.row == person
        for arm, day, what, first, second in zip(
            *(column[mine].tolist() for column in events[1:]), strict=True
        ):
            told.append((int(days[step]) + day, arm, journal.MEANINGS[what].word, first, second))
    first_day = small.experiment.scenario.first_day
    lived = [((e.day - first_day).days, e.arm, e.what, e.first, e.second) for e in life.events]
    assert Counter(told) == Counter(lived)
    assert any(what == "listed" for _, _, what, _, _ in told)


def test_an_event_stands_in_the_step_that_holds_its_day(small: Run, scene: list[Message]) -> None:
    """A listing that is decided in one month and begins in the next is shown in the next."""
    (header,) = only(scene, Kind.HEADER)
    for step, events in only(scene, Kind.STEP)[:-1]:
        assert (events.day < header["steps"][step]["days"]).all()
    listed = sum((events.what == journal.LISTED).sum() for _, events in only(scene, Kind.STEP))
    begun = sum(row["listings_begun"] for row in small.months().rows())
    assert listed == begun > 0


def test_steps_are_in_canonical_order(scene: list[Message]) -> None:
    """Events stand by row and then by arm, whoever noted them first."""
    for _, events in only(scene, Kind.STEP):
        keys = events.row.astype(np.int64) * 16 + events.arm
        assert (np.diff(keys) >= 0).all()


def test_a_scene_of_some_communities_says_so(small: Run) -> None:
    """Whole communities are shown; a sentence says how many of how many."""
    from glasshouse.app.messages import read

    messages = list(read(scene_of(small.archive, small.experiment, 2, device="python")))
    (header,) = only(messages, Kind.HEADER)
    assert header["people"] == 32
    assert header["people_in_all"] == 640
    assert "first 2 communities of 40, whole: 32 of 640 people" in header["cap_words"]
    assert header["provinces"] == []
    every = only(messages, Kind.STEP)
    assert all((events.row < 32).all() for _, events in every)


def test_nobody_is_left_out_of_a_small_scene(scene: list[Message]) -> None:
    """Where everybody is shown nothing is said of a cap."""
    (header,) = only(scene, Kind.HEADER)
    assert header["cap_words"] == ""
    assert header["map_words"] == ""
    assert {tile["name"] for tile in header["provinces"]} == {"North", "Middle", "South"}


@pytest.mark.parametrize(
    ("people", "slots", "shown"),
    [
        (10_000, 2048, 5),
        (CAP_PEOPLE, 2048, 5),
        (100_000, 2048, 5),
        (600, 300, 2),
        (10**6, 16384, 1),
    ],
)
def test_a_page_shows_whole_communities(people: int, slots: int, shown: int) -> None:
    """As many whole communities as the cap holds, and at least one."""
    assert communities_shown(people, slots) == shown


def test_colours_range_over_some_points() -> None:
    """Scores that are all alike still have a colour range, around them."""
    low, high = wide_enough(5, 5, 5)
    assert high - low >= LEAST_SPAN
    assert low < 5 < high
    assert wide_enough(900, 1100, 1000) == (900, 1100)

"""What the page may ask for is read strictly, and everything wrong is said at once."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from glasshouse.app.catalogue import Catalogue
from glasshouse.app.request import (
    MOST_PEOPLE,
    MOST_YEARS,
    Order,
    Rules,
    StudyOrder,
    open_arms,
    order_of,
)
from glasshouse.errors import BadInput

FINE: dict[str, Any] = {"scenario": "as-told", "people": 512, "years": 1, "seed": 4}


@cache
def rules() -> Rules:
    """What there is to ask for in the house."""
    return Catalogue().rules


def refused(**changes: Any) -> str:
    """What is said of an order that differs from a fine one."""
    with pytest.raises(BadInput) as error:
        rules().settled(order_of(json.dumps(FINE | changes).encode()))
    return str(error.value)


def test_an_order_becomes_the_values_of_one_command() -> None:
    """Sizes, controls and rulebooks all stand in the command and in the Python."""
    order = Order(**FINE, controls={"aware": 0.5, "expiry": True}, rulebooks=("suining-2010",))
    settled = rules().settled(order)
    assert settled.sets == {
        "people": "512",
        "years": "1",
        "seed": "4",
        "response.aware": "0.5",
        "arms.as-told.response.aware": "0.5",
        "safeguards.expiry": "on",
        "arms.as-told.rulebook": "suining-2010",
    }
    assert settled.command.startswith(
        "glasshouse run as-told --people 512 --years 1 --seed 4 --set"
    )
    for path, value in list(settled.sets.items())[3:]:
        assert f" --set {path}={value}" in settled.command
    assert 'gh.run("as-told", people=512, years=1, seed=4, set={' in settled.python


def test_the_rulebooks_in_force_are_those_of_the_order() -> None:
    """A rulebook that stands in for another is in force, and the other is not."""
    before = rules().in_force(Order(**FINE))
    after = rules().in_force(Order(**FINE, rulebooks=("suining-2010",)))
    assert list(before) == ["national-score-as-told"]
    assert list(after) == ["suining-2010"]
    assert all(len(sha256) == 64 for sha256 in (*before.values(), *after.values()))


def test_the_page_compares_two_rulebooks_in_one_run() -> None:
    """Two names take the places of the first two scored arms; null leaves one as it is."""
    assert open_arms(rules().scenarios["two-rulebooks"]) == ("first", "second")
    order = Order(**FINE | {"scenario": "two-rulebooks"}, rulebooks=(None, "suining-2010"))
    sets = rules().settled(order).sets
    assert "arms.first.rulebook" not in sets
    assert sets["arms.second.rulebook"] == "suining-2010"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scenario": "as-tld"}, "did you mean `as-told`"),
        ({"yers": 3}, "unknown key `yers` (did you mean `years`?)"),
        ({"people": MOST_PEOPLE + 1}, "20,001 people are not run by this page (64 to 20,000"),
        ({"people": 0}, "0 people are not run"),
        ({"people": 10**30}, "so many people are not run"),
        ({"years": MOST_YEARS + 1}, "the command line runs more"),
        ({"seed": -1}, "the seed is out of range"),
        ({"people": "512"}, "where a whole number belongs"),
        ({"people": 512.5}, "where a whole number belongs"),
        ({"people": True}, "where a whole number belongs"),
        ({"controls": {"aware": 2}}, "a number from 0.05 to 0.95"),
        ({"controls": {"rules.book.provision": True}}, "no control"),
        ({"controls": [1]}, "a mapping belongs"),
        ({"rulebooks": ["suinin-2010"]}, "did you mean `suining-2010`"),
        ({"rulebooks": ["../../etc/passwd"]}, "no rulebook"),
        ({"rulebooks": ["suining-2010", "yiwu-2017"]}, "two-rulebooks compares any two"),
        ({"rulebooks": ["a", "b", "c"]}, "at most 2 items"),
        ({"scenario": "../../../etc/passwd"}, "no scenario"),
        ({"scenario": "x" * 5000}, "at most 80 characters"),
        ({"name": "somebody"}, "unknown key `name`"),
    ],
)
def test_what_cannot_be_run_is_refused_in_words(changes: dict[str, Any], said: str) -> None:
    """Every refusal says what was wrong and what would be right."""
    assert said in refused(**changes)


def test_everything_wrong_is_said_at_once() -> None:
    """Nobody has to send a request four times to hear of four problems."""
    text = refused(scenario="as-tld", people=0, years=0, controls={"aware": 7})
    assert len(text.splitlines()) == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[1]", "no JSON object"),
        (b'{"scenario": "as-told", "people": NaN}', "`NaN` is no number"),
        (b'{"scenario": "as-told", "scenario": "compare"}', "stands twice"),
        (b'{"scenario": ' + b"[" * 5000, "no JSON"),
        (b'{"scenario": ' + b"[" * 12 + b"]" * 12 + b"}", "nested too deeply"),
        (b'{"people": ' + b"9" * 6000 + b"}", "no JSON"),
    ],
)
def test_what_is_no_request_is_refused(content: bytes, said: str) -> None:
    """Broken, doubled, bottomless and endless documents are refused in a sentence."""
    with pytest.raises(BadInput, match=said):
        order_of(content)


def test_a_study_is_run_small_or_not_at_all() -> None:
    """A study is dozens of runs, so the page runs it small; the command runs the rest."""
    StudyOrder().check()
    with pytest.raises(BadInput, match="9 seeds are not run by this page"):
        StudyOrder(seeds=9).check()

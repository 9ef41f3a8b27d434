"""The sentences of every study say what its numbers say, and nothing else."""

from __future__ import annotations

import re
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.experiment.study.conftest import stands

from glasshouse.experiment.study.results import answer_text, figure_of, made
from glasshouse.experiment.study.running import asked
from glasshouse.law.library import Library
from glasshouse.law.study import PLACE

if TYPE_CHECKING:
    from collections.abc import Iterator

DIGITS = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


class Asks:
    """A study at a size that nobody runs, and what it says of made-up results."""

    def __init__(self, name: str) -> None:
        """Settle it."""
        self.what = asked(name, people=2048, seeds=4)
        self.study = self.what.loaded.study

    @cache  # noqa: B019 - it lives as long as the module
    def said(self, kind: str) -> dict[str, Any]:
        """Give what it says of one kind of results."""
        return made(self.what, stands(self.what, KINDS[kind]), FAILED)


@pytest.fixture(scope="module", params=Library().names("studies"))
def asks(request: pytest.FixtureRequest) -> Asks:
    """Give each study."""
    return Asks(request.param)


def noise(arm: str, metric: str, part: str, group: str, seed: int) -> float:
    """A value of a cell and a seed: another for each, the same each time."""
    text = f"{arm}/{metric}/{part}/{group}/{seed}".encode()
    return zlib.crc32(text) / 2**32


def far(sign: int) -> Any:
    """Give values far from zero, that of an arm apart from those of the others."""

    def value(arm: str, metric: str, part: str, group: str, seed: int) -> float:
        rank = 1 + zlib.crc32(f"{arm} {group}".encode()) % 1000
        return sign * (rank + 0.01 * noise(arm, metric, part, group, seed))

    return value


KINDS: dict[str, Any] = {
    "noise": noise,
    "nothing": lambda *_: None,
    "above": far(1),
    "below": far(-1),
}
FAILED = ["seed 3, point 0: too hot"]


def spoken(answer: list[str]) -> Iterator[str]:
    """Give every number that stands in the sentences."""
    for sentence in answer:
        yield from DIGITS.findall(sentence)


def shown(said: dict[str, Any]) -> set[str]:
    """Give every number that the results have, as it is written."""
    texts = [one["text"] for one in said["numbers"].values()]
    texts += [pick["number"] for one in said["choices"].values() for pick in one["chosen"]]
    return {word.lstrip("-") for text in texts for word in DIGITS.findall(text)}


def test_every_number_of_an_answer_stands_in_its_results(asks: Asks) -> None:
    """Read back from the sentences, each number is one of the results, rounded as it is there."""
    said = asks.said("noise")
    found = [word.lstrip("-") for word in spoken(said["answer"])]
    assert found
    assert set(found) <= shown(said)
    for one in said["numbers"].values():
        value = np.mean([v for v in one["by_seed"] if v is not None])
        if not one["relative"]:
            assert one["value"] == pytest.approx(value)
        assert one["low"] is None or one["low"] <= one["value"] <= one["high"]


def test_where_nothing_is_defined_every_sentence_says_so(asks: Asks) -> None:
    """A run in which nobody was listed gives an answer without a single number."""
    said = asks.said("nothing")
    assert list(spoken(said["answer"])) == []
    for sentence, clause in zip(said["answer"], asks.study.answer, strict=True):
        if clause.decides not in said["choices"]:
            assert sentence == " ".join(clause.unknown.split())
    assert all(one["why"] for one in said["numbers"].values())
    assert "not defined" in figure_of(said["figure"]["panels"]).decode()


@pytest.mark.parametrize("kind", ["noise", "above", "below"])
def test_the_sentence_follows_the_side_of_the_interval(asks: Asks, kind: str) -> None:
    """Above zero, below it, or on both sides of it: three sentences, and the right one is said."""
    said = asks.said(kind)
    for sentence, clause in zip(said["answer"], asks.study.answer, strict=True):
        if clause.decides in said["numbers"]:
            one = said["numbers"][clause.decides]
            key = "above" if one["low"] > 0 else "below" if one["high"] < 0 else "covers"
            pieces = PLACE.split(clause.templates[key])[::3]
            assert all(" ".join(piece.split()) in sentence for piece in pieces), sentence


def test_the_same_runs_say_the_same(asks: Asks) -> None:
    """Text and figure are made of the rows alone: the same bytes twice."""
    first = asks.said("noise")
    second = made(asks.what, stands(asks.what, noise), FAILED)
    assert answer_text(first) == answer_text(second)
    drawings = [figure_of(said["figure"]["panels"]) for said in (first, second)]
    assert drawings[0] == drawings[1]
    assert len(drawings[0]) < 60_000
    assert drawings[0].startswith(b"<?xml")
    assert b"dc:date" not in drawings[0]


def test_the_text_says_how_sure_and_what_it_cannot(asks: Asks) -> None:
    """Every answer has its intervals explained, its limits, its evidence and who asks."""
    text = answer_text(asks.said("noise"))
    for words in ("Answer", "What would change it", "What it cannot say", "Student's t",
                  "1 run failed", "by evidence", "not forecasts"):  # fmt: skip
        assert words in text

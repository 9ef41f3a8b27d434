"""A graphics card is asked for its bits before its speed; where there is none that is said."""

from __future__ import annotations

import pytest

from glasshouse.bench import on_a_card
from glasshouse.engine.drivers import CpuDriver, Driver
from glasshouse.errors import BadUsage


class Wrong(CpuDriver):
    """A device that forgets the seed."""

    def step(self, seed: int, communities: int, *arrays: object) -> None:
        """Lead everybody through a step of another society."""
        super().step(seed + 1, communities, *arrays)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure few people, once."""
    monkeypatch.setattr(on_a_card, "PEOPLE", 256)
    monkeypatch.setattr(on_a_card, "PAIRS", 1)


def given(monkeypatch: pytest.MonkeyPatch, device: Driver) -> None:
    """Let a device stand for the card."""
    monkeypatch.setattr(on_a_card, "driver", lambda _name: device)


def test_without_a_card_the_word_is_untested(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is the one that `--device cuda` gives."""

    def refuse(_name: str) -> Driver:
        raise BadUsage("there is none")

    monkeypatch.setattr(on_a_card, "driver", refuse)
    assert on_a_card.card_ratio() == (None, "untested: there is none")


def test_a_card_that_fails_ends_no_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    """What its compiler says stands where its speed would."""

    class Broken(CpuDriver):
        """A device that takes no step."""

        def step(self, seed: int, communities: int, *arrays: object) -> None:
            """Fail as a driver does."""
            del seed, communities, arrays
            raise RuntimeError("ptxas fatal\nmore of it")

    given(monkeypatch, Broken(1))
    words = "it does not run what it is given (RuntimeError: ptxas fatal)"
    assert on_a_card.card_ratio() == (None, words)


def test_a_card_with_other_bits_has_no_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong fast is of no use."""
    given(monkeypatch, Wrong(1))
    ratio, words = on_a_card.card_ratio()
    assert ratio is None
    assert "other bits" in words


def test_a_card_with_the_same_bits_has_a_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ratio is of the clock on the wall, beside the word that the bits agree."""
    given(monkeypatch, CpuDriver(1))
    ratio, words = on_a_card.card_ratio()
    assert ratio is not None
    assert ratio.pairs == 1
    assert "the same bits" in words

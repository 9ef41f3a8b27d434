"""Threads that work together: each once, and a failure leaves the others their time."""

from __future__ import annotations

import time

import pytest

from glasshouse.threads import Threads


@pytest.mark.parametrize("number", [1, 2, 5])
def test_each_does_the_work_once(number: int) -> None:
    """Every thread is given a number of its own, from 0, call after call."""
    threads, done = Threads(number), list[int]()
    for _ in range(3):
        threads.work(done.append)
    assert sorted(done) == sorted(3 * list(range(number)))


@pytest.mark.parametrize("failing", [0, 1])
def test_a_failure_is_raised_when_all_are_through(failing: int) -> None:
    """Whichever thread fails, the others end their work before anybody hears of it."""
    through = list[int]()

    def work(number: int) -> None:
        if number == failing:
            raise ValueError(number)
        time.sleep(0.05)
        through.append(number)

    with pytest.raises(ValueError, match=str(failing)):
        Threads(3).work(work)
    assert sorted(through) == sorted({0, 1, 2} - {failing})

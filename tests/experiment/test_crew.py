"""Who runs members: begun once, as many as fit, and let go of at the end."""

from __future__ import annotations

import pytest

from glasshouse.errors import BadUsage
from glasshouse.experiment import crew as crews
from glasshouse.experiment.crew import Crew
from glasshouse.experiment.workers import Given, InProcess, Processes
from glasshouse.law.experiment import Experiment


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Let there be ten gigabytes of memory, of which a member takes one."""
    said = {"free": 10_000_000_000, "each": 1_000_000_000}
    monkeypatch.setattr(crews, "free_memory", lambda: said["free"])
    monkeypatch.setattr(crews, "_memory", lambda _: said["each"])
    return said


def test_as_many_as_are_asked_for_and_fit(free: dict[str, int], pellucid: Experiment) -> None:
    """No more than members, than processes, than the memory holds; one on a graphics card."""
    assert Crew(workers=4).at_a_time(pellucid, 100) == 4
    assert Crew(workers=4).at_a_time(pellucid, 3) == 3
    assert Crew(workers=64).at_a_time(pellucid, 100) == 9
    assert Crew(workers=4, device="cuda").at_a_time(pellucid, 100) == 1
    free["each"] = 50_000_000_000
    assert Crew(workers=4).at_a_time(pellucid, 100) == 1


def test_processes_go_on_from_one_sweep_to_the_next(
    free: dict[str, int], pellucid: Experiment
) -> None:
    """They are begun once; for members that take more memory there are fewer."""
    with Crew(workers=6) as crew:
        first = crew._hands(pellucid)
        assert isinstance(first, Processes)
        free["free"] -= 6_000_000_000  # what they have taken themselves
        assert crew._hands(pellucid) is first
        free["each"] = 2_000_000_000
        second = crew._hands(pellucid)
        assert isinstance(second, Processes)
        assert (first.workers, second.workers) == (6, 1)


def test_an_executor_of_the_user_is_taken_as_it_is(pellucid: Experiment) -> None:
    """It is not closed, and nothing is asked of this machine."""
    executor = InProcess()
    with Crew(executor=executor) as crew:
        hands = crew._hands(pellucid)
        assert isinstance(hands, Given)
        assert hands.executor is executor
    assert executor.submit(abs, -1).result() == 1


@pytest.mark.parametrize(
    "two", [{"workers": 2, "cluster": "tcp://x:1"}, {"executor": InProcess(), "workers": 2}]
)
def test_one_is_asked_to_run_members_and_not_two(two: dict[str, object]) -> None:
    """An executor beside a number of workers, or a cluster, would be one of them unheard."""
    with pytest.raises(BadUsage, match="say one of them"):
        Crew(**two)  # type: ignore[arg-type]


def test_nobody_is_too_few() -> None:
    """No number of workers means all processors, and 0 is a number."""
    with pytest.raises(BadUsage, match="at least one"):
        Crew(workers=0)

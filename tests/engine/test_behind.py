"""What is written behind is written in order, or somebody hears of it."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from glasshouse.engine.behind import Behind, foresee


def test_all_is_written_in_order_before_anybody_goes_on() -> None:
    """Though more waits than may."""
    written: list[int] = []
    with Behind(2) as behind:
        for number in range(20):
            behind.write(lambda number=number: written.append(number))  # type: ignore[misc]
    assert written == list(range(20))


def test_the_computation_waits_where_too_much_waits() -> None:
    """What waits is held in memory, so it is bounded."""
    go, written = Event(), [0]

    def first() -> None:
        go.wait(10)
        written.append(1)

    with Behind(2) as behind:
        behind.write(first)
        behind.write(lambda: written.append(2))
        assert written == [0]
        go.set()
        behind.write(lambda: written.append(3))
        assert written[:2] == [0, 1]
    assert written == [0, 1, 2, 3]


def fail() -> None:
    """Write nothing."""
    raise OSError("full")


def test_what_goes_wrong_is_raised_where_the_computation_is() -> None:
    """Nothing is written after it, and nobody ends as if all were well."""
    written: list[int] = []

    def work() -> None:
        with Behind(1) as behind:
            behind.write(fail)
            behind.write(lambda: written.append(1))

    with pytest.raises(OSError, match="full"):
        work()
    assert not written


def test_another_error_keeps_its_word() -> None:
    """What is under way is written all the same."""
    written: list[int] = []

    def work() -> None:
        with Behind(1) as behind:
            behind.write(lambda: written.append(1))
            raise ValueError("another")

    with pytest.raises(ValueError, match="another"):
        work()
    assert written == [1]


def test_files_foreseen_need_not_be_there(tmp_path: Path) -> None:
    """It is a hint, and changes nothing."""
    (tmp_path / "there").write_bytes(b"content")
    foresee([tmp_path / "there", tmp_path / "not there"])
    assert (tmp_path / "there").read_bytes() == b"content"

"""Ways out, on paper."""

from __future__ import annotations

from glasshouse.metrics.recourse import Ways, shut_in

CLOSED = Ways(contest=False, ends=False, performance=True)
TERM = Ways(contest=False, ends=True, performance=False)
OPEN = Ways(contest=True, ends=False, performance=False)


def test_who_could_not_comply_is_shut_in_where_only_performance_ends_it() -> None:
    """Of the wrongly listed, those who could perform another's duty are at least not shut in."""
    found = shut_in([[100, 3, 5, 2]], [CLOSED])
    assert found == (10, 10, 5)
    assert found.shut_in_share == 0.5


def test_a_term_ends_it_but_nobody_hears() -> None:
    """A wrong that ends by itself is never undone."""
    found = shut_in([[0, 4, 0, 0], [0, 6, 0, 0]], [TERM, OPEN])
    assert found == (10, 4, 0)
    assert found.unheard_share == 0.4


def test_nobody_is_nobody() -> None:
    """Without a wrongly listed person every share is nothing."""
    assert shut_in([[7, 0, 0, 0]], [CLOSED]).shut_in_share == 0

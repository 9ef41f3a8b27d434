"""Communities laid out once for all tests of the society, compiled and in plain Python."""

from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import stats

from glasshouse.kernel import bind, entry
from glasshouse.law.library import Library
from glasshouse.law.society import Society
from glasshouse.stages.society.layout_kernel import Draft, draft_sizes, lay_out
from glasshouse.stages.society.preparation import prepared
from glasshouse.stages.society.society_kernel import (
    COURTS,
    FIRMS,
    GOVERNMENTS,
    SocietyTables,
    place_of_community,
)
from glasshouse.state.columns import STATIC

Rows: Any = namedtuple("Rows", [column.name for column in STATIC])  # type: ignore[misc]  # noqa: PYI024

FALSE_ALARM = 1e-6
"""How often a file of these tests may fail although nothing is wrong."""

COMPARISONS = 1000
"""At least as many as there are comparisons in all of these tests."""

SIGMAS = float(stats.norm.isf(FALSE_ALARM / COMPARISONS / 2))
SEED = 20_201_101
ROWS = 2_048
COMMUNITIES = 500


@entry
def lay_out_alone(seed: int, community: int, tables: Any, rows: Any, draft: Any) -> None:
    """Lay out a community, called from outside."""
    lay_out(seed, community, tables, rows, draft)


class Sample(NamedTuple):
    """Communities beside each other: columns by (community, slot), and where each lies."""

    rows: Any
    province: np.ndarray
    urban: np.ndarray


class Survey:
    """How the tests of this folder lay out communities and compare shares."""

    seed = SEED
    rows = ROWS
    communities = COMMUNITIES

    @staticmethod
    def empty(rows: int, filling: int = 0, guard: int = 0) -> tuple[Any, Draft]:
        """Give columns and work arrays filled with anything, ``guard`` rows longer."""
        columns = Rows(*(np.full(rows + guard, filling, column.dtype) for column in STATIC))
        sizes = draft_sizes(rows).items()
        return columns, Draft(
            **{name: np.full(n + guard, filling, kind) for name, (kind, n) in sizes}
        )

    @staticmethod
    def cut(bundle: Any, lengths: list[int]) -> Any:
        """Give the first places of every array of a bundle."""
        return type(bundle)(*(a[:n] for a, n in zip(bundle, lengths, strict=True)))

    @staticmethod
    def viewed(bundle: Any) -> Any:
        """Give the arrays as plain Python sees them."""
        return type(bundle)(*(memoryview(array) for array in bundle))

    @staticmethod
    def assert_share(
        hits: np.ndarray, trials: np.ndarray, share: float, slack: float = 0.0
    ) -> None:
        """Compare a share with its expectation; whole communities vary, so they are the sample."""
        rest = hits - share * trials
        error = math.sqrt(float((rest**2).sum()))
        off = abs(float(rest.sum())) - slack * float(trials.sum())
        assert off <= SIGMAS * error, (hits.sum() / trials.sum(), share, off / error)

    @staticmethod
    def assert_binomial(hits: int, trials: int, share: float) -> None:
        """Compare a share of independent draws with its expectation."""
        error = math.sqrt(trials * share * (1.0 - share))
        assert abs(hits - trials * share) <= SIGMAS * error, (hits / trials, share)


@pytest.fixture(scope="session")
def survey() -> Survey:
    """The survey of this folder."""
    return Survey()


@pytest.fixture(scope="session")
def china() -> Society:
    """The society of China's census of 2020."""
    return Library().society("china-2020")


@pytest.fixture(scope="session")
def pellucid() -> Society:
    """The society of a country that does not exist."""
    return Library().society("pellucid")


@pytest.fixture(scope="session")
def china_tables(china: Society) -> SocietyTables:
    """The tables of China for its persons alone: margins are of persons, not of bodies."""
    tables = prepared(china)
    chances = tables.chances.copy()
    chances[[FIRMS, COURTS, GOVERNMENTS]] = 0
    return tables._replace(chances=chances)


@pytest.fixture(scope="session")
def pellucid_tables(pellucid: Society) -> SocietyTables:
    """The tables of Pellucid."""
    return prepared(pellucid)


@pytest.fixture(scope="session")
def compiled() -> Callable[..., None]:
    """The layout, compiled for the processor."""
    from glasshouse.engine.cpu import CPU

    bound: Callable[..., None] = bind(lay_out_alone, CPU)
    return bound


def drawn(laid: Callable[..., None], tables: SocietyTables, communities: int) -> Sample:
    """Lay out communities of ``ROWS`` rows."""
    rows, draft = Survey.empty(ROWS)
    columns: list[list[np.ndarray]] = [[] for _ in rows]
    places = []
    plain = Survey.viewed(tables)
    for community in range(communities):
        laid(SEED, community, tables, rows, draft)
        for kept, column in zip(columns, rows, strict=True):
            kept.append(column.copy())
        places.append(place_of_community(SEED, community, plain))
    province, _, urban = np.array(places).T
    return Sample(Rows(*map(np.stack, columns)), province, urban)


@pytest.fixture(scope="session")
def chinese(compiled: Callable[..., None], china_tables: SocietyTables) -> Sample:
    """A million rows of China."""
    return drawn(compiled, china_tables, COMMUNITIES)


@pytest.fixture(scope="session")
def pellucidians(compiled: Callable[..., None], pellucid_tables: SocietyTables) -> Sample:
    """Two hundred thousand rows of Pellucid."""
    return drawn(compiled, pellucid_tables, 100)

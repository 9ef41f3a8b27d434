"""A design: which points are run, under which seeds and in which societies, each kept apart."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FileKind = Literal["one", "table", "grid", "latin-hypercube", "sobol", "morris", "saltelli"]
"""The kinds that a design file may state."""

Kind = FileKind | Literal["drawn"]
"""Also what another tool has drawn."""

Value = float | str
"""A number for an assumption, or ``on`` and ``off`` for a safeguard."""

Range = tuple[float, float]

SAMPLED: frozenset[str] = frozenset({"latin-hypercube", "sobol", "morris", "saltelli", "drawn"})
"""The kinds whose points are drawn; they vary assumptions and nothing else."""

MOST_MEMBERS = 100_000
"""No design has more members: at a second each that is a day on one processor."""


class Member(NamedTuple):
    """One run of a design."""

    number: int
    """Its place in the order of the design: point by point, society by society, seed by seed."""
    point: int
    society: int | None
    """The draw of the society; None where the society is drawn from the seed, as in any run."""
    seed: int
    values: tuple[Value, ...]


class Design(NamedTuple):
    """Points in the order they are run and shown; every point is run for each society and seed."""

    paths: tuple[str, ...]
    points: tuple[tuple[Value, ...], ...]
    kind: Kind = "table"
    seeds: tuple[int, ...] = (1,)
    societies: tuple[int | None, ...] = (None,)
    ranges: tuple[Range, ...] = ()
    """Of a sampled kind: the range of each path that its points were drawn from."""
    draw: int = 1
    """Of a sampled kind: the seed of its own that the points were drawn with."""

    def members(self) -> Iterator[Member]:
        """Give every run, in order."""
        runs = product(enumerate(self.points), self.societies, self.seeds)
        for number, ((point, values), society, seed) in enumerate(runs):
            yield Member(number, point, society, seed, values)

    @property
    def size(self) -> int:
        """How many runs the design has."""
        return len(self.points) * len(self.societies) * len(self.seeds)


def numbered(seeds: int | Sequence[int]) -> tuple[int, ...]:
    """Give the seeds that a number of them means, or the ones that were given."""
    return tuple(range(1, seeds + 1)) if isinstance(seeds, int) else tuple(seeds)


def one(
    sets: Mapping[str, Value] | None = None,
    *,
    seeds: Sequence[int] = (1,),
    societies: Sequence[int | None] = (None,),
) -> Design:
    """Give a single point, to be run under some seeds."""
    sets = sets or {}
    return Design(tuple(sets), (tuple(sets.values()),), "one", tuple(seeds), tuple(societies))


def table(
    rows: Sequence[Mapping[str, Value]],
    *,
    seeds: Sequence[int] = (1,),
    societies: Sequence[int | None] = (None,),
) -> Design:
    """Give the points of a table; every row has the paths of the first."""
    paths = tuple(rows[0]) if rows else ()
    points = tuple(tuple(row[path] for path in paths) for row in rows)
    return Design(paths, points, "table", tuple(seeds), tuple(societies))


def grid(
    values: Mapping[str, Sequence[Value]],
    *,
    seeds: Sequence[int] = (1,),
    societies: Sequence[int | None] = (None,),
) -> Design:
    """Give every combination of these values; the last path changes fastest."""
    points = tuple(product(*values.values()))
    return Design(tuple(values), points, "grid", tuple(seeds), tuple(societies))


def drawn(
    kind: Kind,
    ranges: Mapping[str, Range],
    number: int,
    *,
    draw: int = 1,
    seeds: Sequence[int] = (1,),
    societies: Sequence[int | None] = (None,),
) -> Design:
    """Give a design whose points are drawn from ranges with a seed of its own (``draw``).

    ``number`` is how many points a Latin hypercube or a Sobol' sequence has, how many trajectories
    Morris' design has (of one point more than there are paths each), and how many rows A and B of
    Saltelli's have (so that there are paths + 2 times as many points).
    """
    from glasshouse.experiment import sampling

    sample = {
        "latin-hypercube": sampling.latin_hypercube,
        "sobol": sampling.sobol_sequence,
        "morris": sampling.morris,
        "saltelli": sampling.saltelli,
    }[kind]
    low = [ends[0] for ends in ranges.values()]
    high = [ends[1] for ends in ranges.values()]
    points = tuple(
        tuple(
            min(top, max(bottom, bottom + share * (top - bottom)))
            for share, bottom, top in zip(row, low, high, strict=True)
        )
        for row in sample(len(ranges), number, draw).tolist()
    )
    ends = tuple((float(a), float(b)) for a, b in ranges.values())
    return Design(tuple(ranges), points, kind, tuple(seeds), tuple(societies), ends, draw)

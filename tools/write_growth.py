"""Write docs/growth.md and its figure from the pieces in benchmarks/growth.json.

``python tools/write_growth.py`` writes them; ``python benchmarks/growth_pieces.py`` measures the
pieces anew. A test compares the page with what this makes of the pieces.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse.bench.growth import COMMUNITY, WIRE, Need, need_of, one_each
from glasshouse.engine.cluster.share import MOST_IN_ONE
from glasshouse.engine.estimate import MOST_IN_A_SHARD
from glasshouse.report.figures.style import ARMS, MARKS, STROKES, drawing

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "growth.md"
FIGURE = ROOT / "docs" / "figures" / "growth.svg"
PIECES = ROOT / "benchmarks" / "growth.json"

PEOPLE = 1e10
CORES = 1_000
MACHINE = 16
"""Cores of a machine."""

SIZES = (MOST_IN_A_SHARD, 1024, MOST_IN_ONE)
"""Communities of a shard, from the most in files to the most on workers, and one for each core."""

ON = (16, 64, 256, 512, 1_024, 2_048, 4_096, 16_384)
"""Cores of the figure."""

WORDS = {
    "workers": "a worker", "scheduler": "the scheduler", "leader": "the leader", "wire": "the wire"
}  # fmt: skip


def main() -> None:
    """Write the page and the figure."""
    pieces = json.loads(PIECES.read_text(encoding="utf-8"))
    PAGE.write_text(page(pieces), encoding="utf-8")
    FIGURE.write_text(figure(pieces), encoding="utf-8")


def page(pieces: dict[str, Any]) -> str:
    """Give the page."""
    return PAGE_TEXT.format(
        pieces="\n".join(pieces_told(pieces)),
        steps="\n".join(steps_told(pieces)),
        **numbers(pieces),
    )


PAGE_TEXT = """# Growth on paper

<!-- Written by tools/write_growth.py from benchmarks/growth.json. -->

What 10,000,000,000 people on 1,000 cores would need. Nobody has run them: the pieces below were measured
on a small machine, and a step is put together from them by a simulation of the leader, the scheduler, the
wire and the workers, event by event (`src/glasshouse/bench/cluster_model.py`; a test holds it to what can be
worked out by hand). A step is a month.

## The pieces

{pieces}

Processor time on {date}: {processor}, {cores} cores that were not quiet; Python {python}, Numba {numba}. Both
arms of `as-told`, communities of {community:,}. `python benchmarks/growth_pieces.py` measures them anew.

## A step of ten thousand million people on a thousand cores

{steps}

Each column says how long that server is at work in the step; the step is what the simulation finds, since
they wait for one another.

**What breaks first is {slowest}.** It takes {tasks:,.0f} shards a second. With shards of {few} communities, as
a small machine uses them, it is at work for {few_scheduler:.0f} s of a step whose people take {few_people:.1f} s.
With one shard a core it takes {each_scheduler:.1f} s beside {each_people:.1f} s of work: large machines want large
shards. A run makes none of more than {most:,} communities today ([decision
38](decisions/0038-shards-on-dask-workers.md)), which is the third line. Where one task led a shard with all
{machine} cores of a machine, the scheduler would take {shared_scheduler:.1f} s and the step {shared_step:.1f} s; that is
not built.

**Next is the leader**, who asks for every task and fetches every answer with one thread. A tree of sums on the
workers would spare it {spared:.0f} of {few_leader:.0f} s at {few} communities a shard and the wire {spared_wire:.0%} of its
bytes, but not the scheduler, who has as many tasks as before. Larger shards do more, and with them no tree is
needed.

**The institutions are no bottleneck**: they read counts that are as many for a village as for a planet, and
one number a community; {deciding:.0f} ms of the step are theirs.

## What travels, and what lies where

To the leader come {each_up} a step with one shard a core ({few_up} with small shards): counts, and what each
community recorded. Out go {each_down}: the institutions' tables to every worker, and to every community its
attention. No person travels.

Packed, the society takes {whole}, {held} a core. It lies in the workers' memory, a shard at hand twice. A
checkpoint writes it down: {checkpoint:.0f} s through the leader's wire, {spread_checkpoint:.1f} s where every machine of
{machine} cores writes as fast to a disk that all share.

## More cores

![Seconds of a step by cores: a task a core stops helping where the scheduler is full](figures/growth.svg)

With a task a core, a step of these is shortest at {best_cores:,} cores ({best_step:.1f} s) and longer with more, for the
scheduler has more to do. With a task a machine it would fall on to {less_step:.1f} s at {less_cores:,} cores.

## What this leaves out

Machines differ and fail, and a step waits for the slowest; a lost worker's shards are led again from the last
checkpoint. The wire is taken to carry 10 Gbit a second to and from the leader; that is no measurement. Tasks
were measured with two workers on the leader's own machine. Laying a society out takes about as long as a step
and comes once.
"""  # noqa: E501 - a page is as wide as the others of docs/


def numbers(pieces: dict[str, Any]) -> dict[str, Any]:
    """Give the numbers that the page names."""
    small = need_of(pieces, PEOPLE, CORES, SIZES[0])
    each, shared = one_a_core(pieces), one_a_machine(pieces)
    added = need_of(pieces, PEOPLE, CORES, SIZES[0], sums=small.shards)
    on_cores, on_machines = lines_of(pieces)
    best = min(on_cores, key=lambda need: need.step.seconds)
    less = min(on_machines, key=lambda need: need.step.seconds)
    busy, whole = small.step.busy, each.held * CORES
    return {
        "date": pieces["date"],
        "processor": pieces["machine"]["processor"],
        "cores": pieces["machine"]["cores"],
        "python": pieces["versions"]["python"],
        "numba": pieces["versions"]["numba"],
        "community": COMMUNITY,
        "machine": MACHINE,
        "slowest": WORDS[small.step.slowest],
        "tasks": 1 / (small.costs.scheduling + small.costs.ending),
        "few": small.communities,
        "most": SIZES[-1],
        "few_scheduler": busy["scheduler"],
        "few_people": busy["workers"],
        "few_leader": busy["leader"],
        "few_up": size_of(small.up),
        "each_scheduler": each.step.busy["scheduler"],
        "each_people": each.step.busy["workers"],
        "each_up": size_of(each.up),
        "each_down": size_of(each.down),
        "shared_scheduler": shared.step.busy["scheduler"],
        "shared_step": shared.step.seconds,
        "spared": busy["leader"] - added.step.busy["leader"],
        "spared_wire": 1 - added.up / small.up,
        "deciding": each.costs.deciding * 1e3,
        "whole": size_of(whole),
        "held": size_of(each.held),
        "checkpoint": whole / WIRE,
        "spread_checkpoint": whole / WIRE / (CORES / MACHINE),
        "best_cores": best.cores,
        "best_step": best.step.seconds,
        "less_cores": less.cores,
        "less_step": less.step.seconds,
    }


def one_a_core(pieces: dict[str, Any]) -> Need:
    """Give the need with one shard a core."""
    return need_of(pieces, PEOPLE, CORES, one_each(PEOPLE, CORES))


def one_a_machine(pieces: dict[str, Any]) -> Need:
    """Give the need with one shard a machine, led by all of its cores."""
    return need_of(pieces, PEOPLE, CORES, one_each(PEOPLE, CORES // MACHINE), threads=MACHINE)


def pieces_told(pieces: dict[str, Any]) -> list[str]:
    """Say what was measured."""
    left = pieces["left_by_communities"]
    most = max(pieces["deciding_by_communities"], key=int)
    rows = [
        ("a person-month in memory", nano(pieces["seconds_a_person_month"])),
        (
            "a person-month of a shard: unpacked, led, packed",
            nano(pieces["seconds_a_streamed_person_month"]),
        ),
        ("a packed person, what moves and what lasts", f"{pieces['bytes_a_person']:.1f} bytes"),
        ("the scheduler, a shard and step", milli(pieces["scheduler_a_task"])),
        ("the leader, a shard and step, to ask and to fetch", milli(pieces["leader_a_task"])),
        ("a worker, a shard and step, besides the people", milli(pieces["worker_a_task"])),
    ]
    rows += [
        (
            f"what a shard of {int(size):,} communities leaves behind, and to add it up",
            f"{one['bytes'] / 1e3:.0f} kB, {milli(one['adding'])}",
        )
        for size, one in sorted(left.items(), key=lambda pair: int(pair[0]))
    ]
    rows += [
        (f"the institutions' decisions for {int(most):,} communities",
         milli(pieces["deciding_by_communities"][most])),
        ("their tables, to every worker", f"{pieces['tables_bytes'] / 1e3:.0f} kB"),
        ("attention, a community", f"{pieces['attention_bytes_a_community']:.0f} bytes"),
    ]  # fmt: skip
    return table(("piece", "measured"), rows)


def steps_told(pieces: dict[str, Any]) -> list[str]:
    """Give a step by the size of its shards."""
    needs = [("", need_of(pieces, PEOPLE, CORES, size)) for size in SIZES]
    needs.append((", one a core", one_a_core(pieces)))
    needs.append((f", one a machine of {MACHINE}", one_a_machine(pieces)))
    rows = [
        (
            f"{need.communities:,}{words}",
            f"{need.shards:,}",
            *(f"{need.step.busy[name]:.1f} s" for name in WORDS),
            f"**{need.step.seconds:.1f} s**",
            size_of(need.up),
        )
        for words, need in needs
    ]
    names = ("communities of a shard", "shards", *WORDS.values(), "a step", "to the leader")
    return table(names, rows)


def table(names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Give a table as lines."""
    ruled = (names, tuple("---" for _ in names), *rows)
    return [f"| {' | '.join(row)} |" for row in ruled]


def nano(seconds: float) -> str:
    """Write seconds as thousand-millionths."""
    return f"{seconds * 1e9:.0f} ns"


def lines_of(pieces: dict[str, Any]) -> tuple[list[Need], list[Need]]:
    """Give the needs by cores: with a task a core, and with a task a machine."""
    on_cores = [need_of(pieces, PEOPLE, n, one_each(PEOPLE, n)) for n in ON]
    on_machines = [
        need_of(pieces, PEOPLE, n, one_each(PEOPLE, n // MACHINE), threads=MACHINE)
        for n in ON
        if n >= MACHINE
    ]
    return on_cores, on_machines


def figure(pieces: dict[str, Any]) -> str:
    """Draw the seconds of a step by cores."""
    on_cores, on_machines = lines_of(pieces)
    drawn = (
        ("a task a core", [(n.cores, n.step.seconds) for n in on_cores]),
        (f"a task a machine of {MACHINE}", [(n.cores, n.step.seconds) for n in on_machines]),
        ("the people alone", [(n.cores, n.step.busy["workers"]) for n in on_cores]),
        (
            "the scheduler alone, a task a core",
            [(n.cores, n.step.busy["scheduler"]) for n in on_cores],
        ),
    )
    with drawing(300) as canvas:
        (axis,) = canvas.panels
        for number, (words, points) in enumerate(drawn):
            across, up = zip(*points, strict=True)
            axis.plot(
                across, up, label=words, color=ARMS[number], marker=MARKS[number],
                linestyle=STROKES[number], markersize=4,
            )  # fmt: skip
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xlabel("cores")
        axis.set_title("Seconds of a step of 10,000,000,000 people")
        axis.set_xticks([10, 100, 1_000, 10_000], ["10", "100", "1,000", "10,000"])
        axis.set_yticks([0.1, 1, 10, 100], ["0.1 s", "1 s", "10 s", "100 s"])
        axis.minorticks_off()
        axis.legend(frameon=False, fontsize=9.5, loc="upper center", bbox_to_anchor=(0.5, -0.2))
        return canvas.svg("growth", "Seconds of a step by cores, with a task a core or a machine")


def milli(seconds: float) -> str:
    """Write seconds as thousandths."""
    return f"{seconds * 1e3:.1f} ms"


def size_of(count: float) -> str:
    """Write bytes in a unit that suits them."""
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{count / size:.{0 if count >= 10 * size else 1}f} {unit}"
    return f"{count / 1e3:.0f} kB"


if __name__ == "__main__":
    main()

"""`run`: run a scenario, from the estimate to the summary in sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli import progress, talk
from glasshouse.errors import BadInput, Problem

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from glasshouse.engine.estimate import Estimate
    from glasshouse.law.experiment import Experiment
    from glasshouse.session import Run

SHOWN_WORKS = 12
"""How many works to cite the text names; the rest are counted and stand in --json."""


def one_set(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Take `path=value` apart; a path given twice is refused."""
    sets: dict[str, str] = {}
    for text in given:
        path, equals, value = text.partition("=")
        if path.strip() and equals and not value.strip():
            raise click.BadParameter(f"a value is missing behind `{text[:60]}`")
        if not (path.strip() and equals):
            raise click.BadParameter(f"`{text[:60]}` is not path=value")
        if path.strip() in sets:
            raise click.BadParameter(f"`{path.strip()[:60]}` is given twice")
        sets[path.strip()] = value.strip()
    return sets


class People(click.ParamType[Any]):
    """A number of people, or all of them."""

    name = "number or all"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str:
        """Give the number, or the word."""
        if value == "all":
            return "all"
        # 1e6 is how people write a million.
        if re.fullmatch(r"[0-9]+([.][0-9]+)?e[0-9]", str(value)) and float(value).is_integer():
            return int(float(value))
        return int(click.INT.convert(value, param, ctx))


class Day(click.ParamType[Any]):
    """A day, or a month meant as its first day."""

    name = "YYYY-MM[-DD]"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        """Give the day."""
        from glasshouse.law.dated import day_of

        try:
            return day_of(str(value))
        except ValueError:
            self.fail(f"`{str(value)[:40]}` is no day; write YYYY-MM or YYYY-MM-DD", param, ctx)


class Size(click.ParamType[Any]):
    """Bytes as people write them."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Give the number of bytes."""
        found = re.fullmatch(r"([0-9]+(?:[.][0-9]+)?) *([kMGT]?)B?", str(value).strip())
        if found is None:
            self.fail(f"`{str(value)[:60]}` is no size; write 500MB or 2GB", param, ctx)
        return int(float(found[1]) * 1000 ** " kMGT".index(found[2] or " "))


THREADS = click.option(
    "--threads", type=click.IntRange(1, 1024), help="Threads to use; all processors by default."
)
DEVICE = click.option(
    "--device", type=click.Choice(["cpu", "python", "cuda"]), default="cpu",
    show_default=True, help="What computes; the results are the same, bit for bit.",
)  # fmt: skip


def of_workers(command: Any) -> Any:
    """Let a verb be led by Dask workers."""
    begun = click.option(
        "--workers", type=click.IntRange(1, 1024), help="Begin so many Dask worker processes here "
        "and let them lead the society: same results.",
    )  # fmt: skip
    there = click.option(
        "--cluster", metavar="ADDRESS", help="Let the workers of a Dask cluster lead the society: "
        "tcp://HOST:PORT of its scheduler; same results.",
    )  # fmt: skip
    return begun(there(command))


@click.command()
@click.argument("scenario")
@click.option(
    "--people", type=People(), help="How many people the society has, as in 1e6; `all`: everybody "
    "of the published tables.",
)  # fmt: skip
@click.option("--years", type=int, help="How many years to run.")
@click.option("--months", type=int, help="How many months to run, instead of years.")
@click.option("--seed", type=int, help="The seed of all chance.")
@THREADS
@click.option("--step", type=click.Choice(["month", "week", "day"]), help="How long a step is.")
@click.option(
    "--out", type=click.Path(), help="The run directory, which must not exist yet. By default "
    "runs/SCENARIO-SEED, with a number behind it if that exists.",
)  # fmt: skip
@click.option(
    "--set", "sets", multiple=True, metavar="PATH=VALUE", callback=one_set,
    help="Replace a value of the scenario or an assumption, as in process.notice_reaches=0.9 or "
    "arms.as-told.response.aware=0.5; rules.BOOK.PROVISION=off leaves a provision out; "
    "safeguards.NAME=on adds a safeguard; arms.ARM.rulebook=NAME puts another rulebook in the "
    "place of an arm's own; rules.BOOK.PROVISION@2018-07=off and "
    "arms.ARM.rulebook@2018-07=NAME do so from a day on; may be given many times.",
)  # fmt: skip
@click.option(
    "--collect", type=click.Choice(["all", "counts"]),
    help="Keep everything, or the counts by step alone. By default everything, and the counts "
    "alone of a society that stays in files.",
)  # fmt: skip
@DEVICE
@click.option(
    "--memory", type=Size(), help="The most memory to take, as in 2GB; all that is free by "
    "default. A society that does not fit stays in files of the run directory: same results.",
)  # fmt: skip
@click.option(
    "--keep-at", "keep_at", type=Day(), multiple=True, help="Keep the whole state at the beginning "
    "of this month or day, so that `glasshouse fork` begins there; may be given many times.",
)  # fmt: skip
@of_workers
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def run(
    scenario: str,
    people: Any,
    years: int | None,
    months: int | None,
    seed: int | None,
    threads: int | None,
    step: str | None,
    out: str | None,
    sets: dict[str, str],
    collect: Any,
    device: Any,
    memory: int | None,
    workers: int | None,
    cluster: str | None,
    keep_at: tuple[dt.date, ...],
    as_json: bool,
) -> None:
    """Run a scenario and say in sentences what happened.

    SCENARIO is a name (see `glasshouse scenario list`) or the path of a file.
    """
    from glasshouse import session

    given = {"people": people, "years": years, "months": months, "seed": seed, "step": step}
    if years is not None and months is not None:
        raise click.UsageError("--years and --months both say how long it lasts; give one")
    for name, value in given.items():
        if value is not None and name in sets:
            raise click.UsageError(f"--{name} and --set {name}=... are both given")
    try:
        experiment = session.settled(
            scenario, people=people, years=years, months=months, seed=seed, step=step, set=sets
        )
    except BadInput as error:
        raise BadInput(as_options(error.problems, given)) from error
    place = session.place_of(experiment, out)
    with session.at_hand(workers, cluster, memory) as client:
        expected = session.estimated(
            experiment, threads=threads, collect=collect, device=device, out=place, memory=memory,
            keeps=len(keep_at), client=client,
            before_timing=None if as_json else lambda: say_before(experiment, device),
        )  # fmt: skip
        if not as_json:
            say_estimate(expected, at_workers=client is not None)
        what = "shards" if expected.shard_communities else "steps"
        with progress.shown(experiment.scenario.scenario, silent=as_json, what=what) as told:
            done = session.run_settled(
                experiment, out=place, threads=threads, collect=collect, device=device,
                memory=memory, keep_at=keep_at, client=client, progress=told, told=talk.say,
            )  # fmt: skip
    show_run(done, as_json)


def as_options(problems: list[Problem], given: Mapping[str, object]) -> list[Problem]:
    """Name the option that was typed where the library speaks of --set."""
    return [
        Problem(f"--{p.where}", 0, 0, "", p.what, p.right)
        if p.file == "--set" and given.get(p.where) is not None
        else p
        for p in problems
    ]


def say_before(experiment: Experiment, device: str) -> None:
    """Say what is about to run, and what a row of it stands for."""
    from glasshouse.report.words import lasting, number, rounded

    settled, society = experiment.scenario, experiment.society
    arms = ", ".join(arm.name for arm in experiment.arms)
    stands = rounded(society.persons / settled.people, 3)
    talk.say(
        f"{settled.scenario}: {number(settled.people)} people for "
        f"{lasting(settled.months_in_all)} by the {settled.step}, seed {settled.seed}; arms: {arms}"
    )
    talk.say(f"{society.title}: {number(society.persons)} persons; one row stands for {stands}")
    for arm in experiment.arms:
        if arm.safeguards:
            talk.say(f"Safeguards in {arm.name}: {', '.join(on.words() for on in arm.safeguards)}")
    if device != "python":
        talk.say("Timing a few steps; the first time on a machine this also compiles ...")


def say_estimate(expected: Estimate, *, at_workers: bool) -> None:
    """Say how long the run will take and how much it needs."""
    from glasshouse.engine.estimate import room_on_disk
    from glasshouse.report.words import of

    about = "" if expected.seconds < 1 else "about "
    talk.say(
        f"Estimate: {about}{progress.duration(expected.seconds)} with "
        f"{of(expected.threads, 'thread')}, {progress.size(expected.memory_bytes)} of memory and "
        f"{progress.size(expected.disk_bytes)} of disk below {expected.folder}, where "
        f"{progress.size(room_on_disk(expected.folder))} are free"
    )
    if expected.shard_communities:
        why = "The society does not fit the memory: it stays in files of the run directory"
        if at_workers:
            why = "The society stays with the workers and, at checkpoints, in files"
        talk.say(f"{why}, {of(expected.shard_communities, 'community', 'communities')} each")
        if expected.collect == "counts":
            talk.say(
                "Counts by step and province are kept, and no row a person (--collect all keeps "
                "those too)"
            )


def show_run(done: Run, as_json: bool) -> None:
    """Put what a finished run says on stdout, and what to type next on stderr."""
    said, machine = done.summary(), done.provenance.machine
    if as_json:
        talk.show_json({"path": str(done.path), "digest": done.digest, **said.plain()})
        return
    talk.say(
        f"Done in {progress.duration(machine.seconds)}, "
        f"{progress.size(machine.peak_memory_bytes)} of memory at most\n"
    )
    for section in said.sections:
        talk.show(section.title)
        for sentence in section.sentences:
            talk.show(talk.wrapped(sentence, "  "))
        talk.show()
    talk.show("Cite")
    for work in said.cite[:SHOWN_WORKS]:
        talk.show(talk.wrapped(work, "  "))
    more = len(said.cite) - SHOWN_WORKS
    if more > 0:
        talk.show(f"  and {more} more: glasshouse run --json, or sources in {done.path}/data")
    talk.show(f"\nrun     {done.path}\ndigest  {done.digest}")
    talk.say_next(
        talk.typed("glasshouse", "metrics", done.path),
        talk.typed("glasshouse", "life", done.path, done.worth_following()),
        talk.typed("glasshouse", "verify", done.path),
        "glasshouse scenario list",
    )

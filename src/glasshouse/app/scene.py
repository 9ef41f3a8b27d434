"""A finished run as a scene: the stream of messages that a page, a notebook or a file draws.

The pieces are those that a live run sends one by one: header, people, then of every step its events
and its counts, and a finish with the metrics as `glasshouse metrics` gives them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.app.header import header_of, scale_of, span_of
from glasshouse.app.messages import Kind, document, people_message, step_message
from glasshouse.app.shown import Sorter, shown_of
from glasshouse.archive.database import named
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.replay import noted_steps
from glasshouse.engine.run import institutions_by_step
from glasshouse.report.measured import metric_rows
from glasshouse.report.metric_table import plain, printed
from glasshouse.report.reproduce import reproduce
from glasshouse.report.summary import summary_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from glasshouse.app.header import Spans
    from glasshouse.app.messages import Events
    from glasshouse.app.shown import Shown
    from glasshouse.archive.reading import Archive
    from glasshouse.engine.plan.plan import Plan
    from glasshouse.law.experiment import Experiment

    Progress = Callable[[int, int], None]

COUNTED = (
    "persons", "listed_persons", "entries",
    "entries_rightly", "entries_not_theirs", "entries_could_not", "entries_lawful",
    "listings_begun", "listings_begun_rightly", "listings_begun_not_theirs",
    "listings_begun_could_not", "listings_begun_lawful",
    "listings_open", "listings_open_rightly", "listings_open_not_theirs",
    "listings_open_could_not", "listings_open_lawful",
    "listings_ended", "listings_overturned", "listings_performed", "listings_expired",
    "listings_grade_recovered", "listed_days", "silent_days", "contests", "contests_won",
    "attempts", "refusals", "refused_people", "privileges", "burden_yuan",
    "acts", "acts_seen", "acts_unseen", "acts_culpable", "acts_culpable_ruled",
    "acts_culpable_unruled", "acts_lawful_sensitive", "acts_praised",
    "enrolled", "joined", "opted_out", "graded_apart", "honoured", "exposed_days",
    "means", "caution", "silence", "gaming", "habit", "trust", "aware_share",
)  # fmt: skip
"""What a COUNTS message holds of the table of months, besides the mean scores."""

MEAN_SCORE = "mean_score_"
DIGITS = 6
"""Digits behind the point of what is no whole number."""


def scene_of(
    archive: Archive,
    experiment: Experiment,
    communities: int | None = None,
    progress: Progress | None = None,
    device: str = "cpu",
) -> bytes:
    """Give a finished run as one stream; ``communities`` whole communities from the first on."""
    plan = make_plan(experiment)
    shown = shown_of(plan, communities, device)
    told = progress or (lambda _done, _of: None)
    pieces = [document(Kind.HEADER, finished_header(archive, plan, shown))]
    pieces.append(people_message(shown.people))
    counts = counts_by_step(archive)
    for step, events in events_by_step(archive, plan, shown, device):
        pieces.append(step_message(step, events))
        pieces.append(document(Kind.COUNTS, counts[step]))
        told(step + 1, len(plan.steps))
    pieces.append(document(Kind.FINISH, finish_of(archive, experiment)))
    return b"".join(pieces)


def events_by_step(
    archive: Archive, plan: Plan, shown: Shown, device: str = "cpu"
) -> Iterator[tuple[int, Events]]:
    """Replay the communities shown and give the events of each step."""
    sorter = Sorter(plan, shown)
    decided = institutions_by_step(archive)
    steps = noted_steps(plan, decided, 0, shown.communities, device=device)
    for step, noted in enumerate(steps):
        yield step, sorter.sorted(step, noted)


def finished_header(
    archive: Archive, plan: Plan, shown: Shown, left_out: str = ""
) -> dict[str, Any]:
    """Give the header of a run that is over: colours range over the scores that came out."""
    found = archive.counts().filter("count = 'persons' AND step = 0")
    rows = found.aggregate("arm, province, sum(value) AS persons").rows()
    first = archive.provenance.legend.arms[0].arm
    return header_of(
        plan, archive.provenance, shown,
        spans=spans_of(archive, plan),
        persons_by_province={
            row["province"]: int(row["persons"]) for row in rows if row["arm"] == first
        },
        left_out=left_out,
    )  # fmt: skip


def spans_of(archive: Archive, plan: Plan) -> Spans:
    """Give from where to where the colours of a rulebook range: the same in every arm."""
    if not archive.has_outcomes:
        return {}
    outcomes = archive.outcomes()
    books = {
        use.rulebook.rulebook: use.rulebook for arm in plan.experiment.arms for use in arm.rulebooks
    }
    found: Spans = {}
    for name in {one.rulebook for arm in archive.provenance.legend.arms for one in arm.instruments}:
        column = named(f"score_points_{name}")
        rows = outcomes.filter(f"{column} IS NOT NULL").project(column).fetchall()
        found[name] = span_of([row[0] for row in rows], scale_of(books[name]).start)
    return found


def counts_by_step(archive: Archive) -> list[dict[str, Any]]:
    """Give what every COUNTS message says, step by step, of the whole run."""
    legend = archive.provenance.legend
    number = {arm.arm: place for place, arm in enumerate(legend.arms)}
    found: list[dict[str, Any]] = [
        {"step": step, "arms": [{} for _ in legend.arms]}
        for step in range(archive.provenance.steps)
    ]
    for row in archive.months().rows():
        found[row["step"]]["arms"][number[row["arm"]]] = counted(row)
    for row in listed_by_province(archive):
        step = found[row["step"]]
        empty: list[dict[str, int]] = [{} for _ in legend.arms]
        step.setdefault("provinces", empty)[number[row["arm"]]][row["province"]] = int(row["value"])
    return found


def listed_by_province(archive: Archive) -> list[dict[str, Any]]:
    """Give the persons listed by step, arm and province; a row that would be zero is left out."""
    found: list[dict[str, Any]] = (
        archive.counts()
        .filter("count = 'listed_persons'")
        .project("step, arm, province, value")
        .order("step, arm, province")
        .rows()
    )
    return found


def counted(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give the numbers of one row of the table of months that a page shows."""
    names = [*COUNTED, *(name for name in row if name.startswith(MEAN_SCORE))]
    return {
        name: round(row[name], DIGITS) if isinstance(row[name], float) else row[name]
        for name in names
    }


def finish_of(archive: Archive, experiment: Experiment) -> dict[str, Any]:
    """Give what stands at the end: digest, metrics, sentences, how to have it again, what to cite.

    The metrics are the rows of `glasshouse metrics --json`, neither rounded nor left out; beside
    them stands what the verb prints of each.
    """
    said = summary_of(archive, experiment)
    again = reproduce(archive.provenance)
    rows = metric_rows(archive)
    return {
        "digest": archive.digest,
        "metrics": [plain(row) for row in rows],
        "printed": [printed(row) for row in rows],
        "sentences": [
            {"title": section.title, "sentences": list(section.sentences)}
            for section in said.sections
        ],
        "reproduce": again._asdict(),
        "cite": list(said.cite),
    }

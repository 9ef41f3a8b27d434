"""Watch-list false alarms: faces falsely taken for the one in view, a probe of the engine's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from glasshouse.experiment.validation.comparison import Comparison, share
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.world import BITS, SEES, Act, World, black_list, total
from glasshouse.law.validate import Strict


class Parameters(Strict):
    """A gallery of faces and how often one of them is falsely taken for the one in view."""

    gallery: Annotated[float, Field(ge=0, le=1e10)]
    false_match_rate: Annotated[float, Field(ge=0, le=1)]
    people: Annotated[int, Field(ge=1000, le=2_000_000)] = 32_768
    probes_per_year: Annotated[float, Field(ge=0.1, le=100)] = 2.0
    """How often an adult comes into view."""


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare false matches a probe with gallery x false match rate.

    The engine draws the whole faces of the mean and, by chance, one more for the rest of it: of
    the matches beyond the whole ones the number is binomial.
    """
    sets = {
        f"detection.{SEES}.gallery": given.gallery,
        f"detection.{SEES}.false_match_rate": given.false_match_rate,
        # A reviewer sends all of them back: only how many there are is looked at here.
        f"detection.{SEES}.reviewer_rejects": 1.0,
    }
    acts = [Act("in-view", given.probes_per_year, 1.0)]
    faces = probes = seen = 0
    for seed in seeds:
        world = World(acts, [black_list("seen", "in-view")], sets, given.people, 1, seed)
        found = workshop.finished(world.experiment(workshop.empty()))
        faces += total(found, "wrong_faces")
        probes += total(found, "face_probes")
        seen += total(found, "acts_seen")
    expected = given.gallery * given.false_match_rate
    whole, rest = divmod(round(expected * 65536), 65536)
    # With nothing to mistake a face for, no probe is counted: all that were seen are.
    trials = probes or seen
    inside = share("", faces - whole * trials, trials, rest / 65536)
    yield inside._replace(
        what="false matches a probe", value=faces / trials, expected=expected,
        slack=BITS + abs(expected) * 1e-12,
        words=f"{faces:,} in {trials:,} probes",
    )  # fmt: skip


RUNNER = Runner("watch_list", Parameters, run, "the engine")

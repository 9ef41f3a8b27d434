"""How files are furnished, joined, copied and read: an arm's assumptions as integers."""

from __future__ import annotations

from decimal import Decimal

from glasshouse.engine.plan.exact import decimal, hazard, threshold
from glasshouse.engine.tables import When
from glasshouse.law.assumptions import Assumptions, Department
from glasshouse.law.experiment import Experiment
from glasshouse.law.rulebook import FileAccess
from glasshouse.stages.record.record_kernel import FOLLOWS_MOVES, PERSON_READS


def access_bits(provision: FileAccess) -> int:
    """Give who may read a file, and whether it goes with its person, as bits."""
    return PERSON_READS * provision.person_reads | FOLLOWS_MOVES * provision.follows_moves


def withheld(department: Department, assumptions: Assumptions) -> Decimal:
    """Give the share of a department's entries that does not reach the shared record."""
    furnishes = decimal(department.furnishes.value) if department.furnishes else Decimal(1)
    keeps = decimal(assumptions.places["commercial_withheld"].value)
    return 1 - furnishes * (1 - keeps * (department.kind == "commercial"))


def file_settings(experiment: Experiment, number: int, when: When) -> dict[str, int]:
    """Give how the files of departments and places are joined, and what moves between them."""
    arm = experiment.arms[number]
    places, process = arm.assumptions.places, arm.assumptions.process
    missed, mistaken = (
        {by: threshold(places[f"{what}_by_{by}"].value, 32) for by in ("number", "name")}
        for what in ("missed", "mistaken")
    )
    away = threshold(places["away_share"].value, 32)
    return {
        "joins_files": int(
            away > 0
            or any(withheld(d, arm.assumptions) for d in arm.assumptions.departments)
            or process["mixups_per_backlog_day"].value > 0
        ),
        "away": away,
        "is_merged": int(
            arm.merge is not None and (arm.merge.toordinal() - when.start_ordinal) <= when.first_day
        ),
        "missed": missed[arm.join_by],
        "mistaken": mistaken[arm.join_by],
        "copies_stale": threshold(process["copies_stale"].value, 32),
        "copies_corrected": threshold(
            hazard(process["copies_corrected_per_year"].value, when.month_days), 32
        ),
        "looks": threshold(hazard(process["looks_per_year"].value, when.month_days), 32),
        "moves": threshold(hazard(places["moves_per_year"].value, when.month_days), 32),
    }

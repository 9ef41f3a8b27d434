"""Reads the folder of a society: its file, its tables, and what must add up between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.law.intake import Intake, cite_problems, label
from glasshouse.law.margins import read_ages, read_provinces, total_problem
from glasshouse.law.society import Society, SocietyHeader
from glasshouse.law.validate import validated

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

SOCIETY_FILE = "society.yaml"


def read_society(folder: Path, sources: Collection[str], intake: Intake) -> Society | None:
    """The society of a folder; None, and the problems in the intake, if anything is wrong."""
    before = len(intake.problems)
    name = folder.resolve().name
    document = intake.document(folder / SOCIETY_FILE, f"societies/{name}/{SOCIETY_FILE}")
    if document is None:
        return None
    header = validated(SocietyHeader, document, intake.problems)
    intake.add(cite_problems(document, sources))
    if header is None:
        return None
    if header.society != name:
        what = f"the folder is called `{name}`, the society otherwise"
        intake.problems.append(document.problem(("society",), what, "call both the same"))
    tables = []
    for file in (header.tables.age_sex, header.tables.provinces):
        content = intake.content(folder / file, f"societies/{name}/{file}")
        tables.append((content, label(folder / file)))
    (ages_csv, ages_file), (provinces_csv, provinces_file) = tables
    if ages_csv is None or provinces_csv is None:
        return None
    ages = read_ages(ages_csv, ages_file, intake.problems)
    provinces = read_provinces(provinces_csv, provinces_file, intake.problems)
    if ages and provinces:
        file = label(folder / SOCIETY_FILE)
        intake.add(total_problem(ages, provinces, header.unallocated_persons, file))
    if len(intake.problems) > before:
        return None
    fields = {field: getattr(header, field) for field in SocietyHeader.model_fields}
    return Society(**fields, ages=ages, provinces=provinces)

"""The arms that no other dominates: better on no metric without being worse on another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.experiment.study.cells import Cell, Key
    from glasshouse.law.study import Choice, Study


def undominated_arms(study: Study, choice: Choice, cells: Mapping[Key, Cell]) -> list[str]:
    """Give the arms of a choice that none of the others dominates, on its harm metrics."""
    raise NotImplementedError

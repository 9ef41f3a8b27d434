"""Wrongly listed: what the errors of an ability test make, what befalls those who did nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def share_that_could_not(unable: float, sensitivity: float, specificity: float) -> float:
    """Give the share of the listed who could not comply, where an ability test stands before.

    ``unable`` is the share of grounds against people who cannot, ``sensitivity`` the chance that
    one who can is found able, ``specificity`` the chance that one who cannot is found unable.
    """
    wrongly = unable * (1 - specificity)
    listed = wrongly + (1 - unable) * sensitivity
    return wrongly / listed if listed else 0.0


class Innocent(NamedTuple):
    """What befell people who carried out no culpable act."""

    people: int
    listed: int
    """Of them, on a list for at least a day."""
    refused: int

    @property
    def listed_share(self) -> float:
        """The share that was listed."""
        return self.listed / self.people if self.people else 0.0

    @property
    def refused_share(self) -> float:
        """The share that was refused at a counter."""
        return self.refused / self.people if self.people else 0.0


def nothing_to_fear(
    is_person: NDArray[Any],
    acts_culpable: NDArray[Any],
    listed_days: NDArray[Any],
    refusals: NDArray[Any],
) -> Innocent:
    """Count, over outcome rows, what befell the persons without a culpable act.

    ``listed_days`` holds the days of all causes together; all arrays have one value a row.
    """
    innocent = np.asarray(is_person, bool) & (np.asarray(acts_culpable) == 0)
    return Innocent(
        int(innocent.sum()),
        int((innocent & (np.asarray(listed_days) > 0)).sum()),
        int((innocent & (np.asarray(refusals) > 0)).sum()),
    )

"""Who moves over a threshold that pays: the best response of *Strategic Classification* (2016).

Everybody gains 1 by being accepted and pays a cost in proportion to how far the feature is moved,
so all who stand within ``reach`` = gain / cost below the threshold move exactly onto it; nobody
else moves, and what the feature was to tell stays as it was.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def features_after(features: Any, threshold: float, reach: float) -> Any:
    """Give the features after everybody's best response; in the units of the threshold."""
    moves = (features < threshold) & (features >= threshold - reach)
    return np.where(moves, threshold, features)

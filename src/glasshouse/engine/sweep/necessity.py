"""Acts done of necessity."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import NECESSITY, draw
from glasshouse.kernel import passage
from glasshouse.stages.detection.detection_kernel import is_necessary


@passage
def was_necessary(here: Any, law: Any, slot: int, kind: int, day: int) -> bool:
    """Say whether a row's acts of a type on a day were done of necessity; the same in every arm."""
    word, _, _, _ = draw(here.seed, here.base + slot, day, NECESSITY, kind)
    found: bool = is_necessary(word >> 16, law.rule.necessary[kind])
    return found

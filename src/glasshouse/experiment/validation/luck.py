"""Draws for the models that stand beside the engine: the same generator, addresses of their own.

Purposes from 4096 on belong to models of papers; those below are the engine's. A number, once given
out, is never given to another use.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from glasshouse.chance import philox
from glasshouse.kernel import Target, bind

STRATEGIC_FEATURE = 4096
GOODHART_TARGET = 4097
PERFORMATIVE_SAMPLE = 4098
IMAGE_PAIRS = 4099
IMAGE_KNOWN = 4100
IMAGE_OFFSPRING = 4101
IMAGE_START = 4102
# From 4200 on: attention and loans.
URN_ADDITION = 4200
ATTENTION_SENT = 4201
LOAN_APPLICANT = 4202

_LOW = 0xFFFFFFFF

# The text of the generator, read over whole arrays of 64-bit words.
_philox: Any = bind(philox, Target("numpy", {}, np.uint64, lambda function: function))


def words(seed: int, number: int, purpose: int, index: int = 0, when: int = 0) -> Any:
    """Give four 32-bit words for each of ``number`` rows from row 0 on; u8 [4, number]."""
    who = np.arange(number, dtype=np.uint64)
    drawn = _philox(
        who & np.uint64(_LOW),
        (who >> np.uint64(32)) | np.uint64(purpose << 16),
        np.full(number, when, np.uint64),
        np.full(number, index, np.uint64),
        np.uint64(seed & _LOW),
        np.uint64(seed >> 32),
    )
    return np.stack(drawn)


def uniforms(seed: int, number: int, purpose: int, index: int = 0, when: int = 0) -> Any:
    """Give two numbers strictly between 0 and 1, of 52 bits, a row; f8 [2, number]."""
    high_0, low_0, high_1, low_1 = words(seed, number, purpose, index, when)
    twenty = np.uint64(12)
    return np.stack(
        [
            (((high << np.uint64(20)) | (low >> twenty)).astype(float) + 0.5) / 2.0**52
            for high, low in ((high_0, low_0), (high_1, low_1))
        ]
    )


def normals(seed: int, number: int, purpose: int, index: int = 0, when: int = 0) -> Any:
    """Give two independent standard normal numbers a row, by inversion; f8 [2, number]."""
    from scipy.special import ndtri

    return ndtri(uniforms(seed, number, purpose, index, when))

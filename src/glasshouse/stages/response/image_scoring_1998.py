"""Helping those who help: *Evolution of indirect reciprocity by image scoring* (1998).

Who discriminates helps everybody but those known to have refused the last time they were asked; a
defector never helps. The image is what a donor did last, whatever the reason.
"""

from __future__ import annotations

from typing import Any


def helps(discriminates: Any, knows: Any, is_good: Any) -> Any:
    """Say whether a donor helps: who discriminates, unless the other's image is known and bad.

    All three are truth values, of the donor, of the donor about the recipient, of the recipient.
    """
    return discriminates & (is_good | ~knows)

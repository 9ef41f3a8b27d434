"""A number of an assumption: a value in its range, with a citation or called a guess."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from glasshouse.law.citation import Cite, Text
from glasshouse.law.validate import Strict, refusal


class Quantity(Strict):
    """A value, the range it is credible in, and where both come from.

    Reading ``value`` is noted where the quantity belongs to an ``Assumptions``, so that a
    parameter which nothing reads is found.
    """

    number: float = Field(alias="value")
    range: tuple[float, float]
    cite: Cite | None = None
    guess: Text | None = None
    _readers: tuple[str, set[str]] | None = PrivateAttr(default=None)
    _packaged: float | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _holds_together(self) -> Quantity:
        low, high = self.range
        if low > high:
            raise refusal(f"the range [{low:g}, {high:g}] is upside down", "range: [low, high]")
        if not low <= self.number <= high:
            what = f"the value {self.number:g} is outside its range"
            raise refusal(what, f"between {low:g} and {high:g}")
        if (self.cite is None) == (self.guess is None):
            what = "a number needs a citation or the word guess, and not both"
            raise refusal(what, "cite: {source: KEY, at: place}, or guess: why")
        return self

    @property
    def value(self) -> float:
        """The value; reading it is noted."""
        # By way of the attribute it takes twenty times as long, and a plan reads 20,000 values.
        readers = (self.__pydantic_private__ or {}).get("_readers")
        if readers is not None:
            path, read = readers
            read.add(path)
        return self.number

    @property
    def packaged(self) -> float:
        """The value as the file has it, whatever a scenario has put in its place."""
        return self.number if self._packaged is None else self._packaged

    def at(self, number: float) -> Self:
        """The same quantity at another value, unread."""
        other = self.model_copy(update={"number": number})
        other._packaged = self.packaged  # noqa: SLF001 - its own class
        return other

    def note_reads(self, path: str, read: set[str]) -> None:
        """From now on add this path to the set whenever the value is read."""
        self._readers = (path, read)

    def __eq__(self, other: object) -> bool:
        """Equal in what the file says; who read it does not matter."""
        if not isinstance(other, Quantity):
            return NotImplemented
        return self._said() == other._said()

    def __hash__(self) -> int:
        """Hash of what the file says."""
        return hash((self.number, self.range, self.guess))

    def _said(self) -> tuple[Any, ...]:
        return (self.number, self.range, self.cite, self.guess)


class NamedQuantity(Quantity):
    """A quantity of a flat file, with its unit and its meaning in words."""

    unit: Text
    meaning: Text


def bounds_problem(quantity: Quantity, low: float, high: float) -> str:
    """Say what of a quantity leaves the bounds that its meaning sets, or nothing."""
    for name, number in (("value", quantity.number), *(("range", n) for n in quantity.range)):
        if not low <= number <= high:
            return f"the {name} {number:g} is out of bounds"
    return ""


def bounds_words(low: float, high: float) -> str:
    """The bounds in words."""
    return f"at least {low:g}" if high == float("inf") else f"between {low:g} and {high:g}"


def _within(low: float, high: float) -> AfterValidator:
    def check(quantity: Quantity) -> Quantity:
        what = bounds_problem(quantity, low, high)
        if what:
            raise refusal(what, bounds_words(low, high))
        return quantity

    return AfterValidator(check)


Probability = Annotated[Quantity, _within(0.0, 1.0)]
Rate = Annotated[Quantity, _within(0.0, float("inf"))]
Ratio = Annotated[Quantity, _within(0.001, 1000.0)]

"""Contexts of life, and which of them are declared to be related.

Under Art. 5(1)(c)(i) of the EU AI Act detriment in a context unrelated to that of the data is one
of the two marks of a prohibited score. The text names no contexts: the relation is an assumption.
"""

from __future__ import annotations

from functools import cached_property

from pydantic import Field, model_validator

from glasshouse.law.citation import Cite, Id, Text
from glasshouse.law.validate import Strict, refusal


class Context(Strict):
    """A context of life in which acts are done and counters stand."""

    id: Id
    title: Text


class Related(Strict):
    """Two contexts that are declared to be related, in both directions, and why."""

    pair: tuple[Id, Id]
    why: Text
    cite: Cite | None = None
    guess: Text | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Related:
        if self.pair[0] == self.pair[1]:
            what = f"`{self.pair[0]}` is related to itself anyway"
            raise refusal(what, "two different contexts")
        if (self.cite is None) == (self.guess is None):
            what = "a relation needs a citation or the word guess, and not both"
            raise refusal(what, "cite: {source: KEY, at: place}, or guess: why")
        return self


class Contexts(Strict):
    """contexts.yaml: the contexts, and the pairs of them that are related."""

    contexts: tuple[Context, ...] = Field(min_length=1)
    related: tuple[Related, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The ids of the contexts, in the order of the file."""
        return tuple(context.id for context in self.contexts)

    @cached_property
    def _pairs(self) -> frozenset[frozenset[str]]:
        return frozenset(frozenset(related.pair) for related in self.related)

    def are_related(self, one: str, other: str) -> bool:
        """Whether two contexts are the same, or declared to be related.

        A context that the file does not have raises ``KeyError``: it is a slip of a caller.
        """
        for context in (one, other):
            if context not in self.names:
                raise KeyError(context)
        return one == other or frozenset((one, other)) in self._pairs

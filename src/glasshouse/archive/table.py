"""A table of a run: a DuckDB relation that also gives pandas, Polars and plain rows."""

from __future__ import annotations

from typing import Any

import duckdb

from glasshouse.errors import BadUsage


class Table:
    """A relation over files of a run directory; what it lacks itself it asks the relation for.

    Relations that come of it (``filter``, ``aggregate``, ``order``) are tables again.
    """

    def __init__(self, relation: duckdb.DuckDBPyRelation, owner: object) -> None:
        """Take a relation and whatever has to live as long as it is read."""
        self.relation = relation
        self._owner = owner

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self.relation.columns)

    def rows(self) -> list[dict[str, Any]]:
        """Every row as a mapping from column to value."""
        names = self.columns
        return [dict(zip(names, row, strict=True)) for row in self.relation.fetchall()]

    def to_pandas(self) -> Any:
        """The table as a pandas data frame."""
        return self._as("pandas", self.relation.df)

    def to_polars(self) -> Any:
        """The table as a Polars data frame."""
        return self._as("polars", self.relation.pl)

    def _as(self, package: str, convert: Any) -> Any:
        try:
            return convert()
        except ImportError as error:
            raise BadUsage(
                f"this needs {error.name or package}, which is not installed; the extra"
                " `glasshouse[notebook]` brings it"
            ) from error

    def __getattr__(self, name: str) -> Any:
        """Whatever else a relation can do."""
        if name.startswith("_"):
            raise AttributeError(name)
        value: Any = getattr(self.relation, name)
        return self._asking(value) if callable(value) else value

    def _asking(self, function: Any) -> Any:
        """Give a method of the relation whose relations are tables."""

        def asked(*arguments: Any, **options: Any) -> Any:
            given = function(*arguments, **options)
            is_relation = isinstance(given, duckdb.DuckDBPyRelation)
            return Table(given, self._owner) if is_relation else given

        return asked

    def __len__(self) -> int:
        """How many rows there are."""
        return int(self.relation.aggregate("count(*)").fetchall()[0][0])

    def __repr__(self) -> str:
        return repr(self.relation)

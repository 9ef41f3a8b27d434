"""The embedded engine: one way to connect, which fetches nothing and leaves nothing behind."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_PARQUET = "(FORMAT parquet, COMPRESSION zstd)"


def connect(threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Give a connection of its own in memory; what does not fit spills below the system's tmp."""
    config: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": tempfile.gettempdir(),
    }
    if threads is not None:
        config["threads"] = str(threads)
    return duckdb.connect(":memory:", config=config)


def quoted(text: str) -> str:
    """Give a text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """Give a name as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


def listed(texts: Iterable[str]) -> str:
    """Give texts as a list literal of SQL."""
    return "[" + ", ".join(quoted(text) for text in texts) + "]"


def write_parquet(path: Path, columns: Mapping[str, NDArray[Any]], select: str) -> None:
    """Write ``SELECT ... FROM rows`` over some arrays to a Parquet file, always with one thread.

    One thread keeps the rows in order and the bytes of the file the same from run to run.
    """
    with connect(threads=1) as connection:
        connection.register("rows", dict(columns))
        connection.execute(
            f"COPY (SELECT {select} FROM rows) TO {quoted(str(path))} {_PARQUET}"  # noqa: S608 - quoted
        )


def join_parquet(path: Path, pieces: Iterable[Path]) -> None:
    """Write several Parquet files behind one another into one, without holding them in memory."""
    with connect(threads=1) as connection:
        connection.execute(f"COPY (FROM {parquet(pieces)}) TO {quoted(str(path))} {_PARQUET}")


def parquet(pieces: Iterable[Path]) -> str:
    """Give the table function that reads Parquet files one behind the other."""
    return f"read_parquet({listed(str(piece) for piece in pieces)})"

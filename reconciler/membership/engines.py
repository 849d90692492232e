"""Which engine computes: the one that the workspace names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reconciler.errors import SourceInvalid
from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.engine import Engine
from reconciler.model.settings import EngineAccess, Source


def open_engine(source: Source, access: EngineAccess, files: Sequence[Path], folders: Sequence[Path]) -> Engine:
    """Open it. `files` may be read and `folders` be written to; the others have only what their users may see.

    Raises SourceInvalid for an engine that is not installed or not to be reached.
    """
    match source.engine:
        case "duckdb":
            return DuckDB(files, folders)
        case _:
            del access
            raise SourceInvalid("This engine is not there yet.", hint="Use `engine: duckdb`.")

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
        case "postgres":
            return _postgres(source, access)
        case "spark":
            return _spark(source, access)


def _postgres(source: Source, access: EngineAccess) -> Engine:
    try:
        from reconciler.membership.postgres.engine import Postgres  # noqa: PLC0415 - an extra, not always installed
    except ImportError:
        raise not_installed("postgres") from None
    return Postgres(access.postgres, source.schema)


def _spark(source: Source, access: EngineAccess) -> Engine:
    try:
        from reconciler.membership.spark.engine import Spark  # noqa: PLC0415 - an extra, not always installed
    except ImportError:
        raise not_installed("spark") from None
    return Spark(source.schema, access, source.master)


def not_installed(extra: str) -> SourceInvalid:
    """The engine needs packages that are an extra."""
    return SourceInvalid(
        f"The workspace says `engine: {extra}`, and what that needs is not installed.",
        hint=f"pip install 'reconciler[{extra}]'",
    )

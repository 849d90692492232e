"""Spark's errors become ours: its own messages may quote a row, so only the name of their kind is kept."""

from __future__ import annotations

from collections.abc import Callable

import grpc
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.logger import PySparkLogger

from reconciler.errors import EngineFailed, EngineUnavailable

for _name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
    PySparkLogger.getLogger(_name).disabled = True  # PySpark would write the whole message to stderr by itself
_GONE = ("UNAVAILABLE", "INVALID_HANDLE.", "RETRIES_EXCEEDED", "SESSION_CLOSED", "NO_ACTIVE_SESSION", "Connection ref")
"""What errors of a session that is gone begin with or hold; they are looked for, never shown."""
_FULL = ("OutOfMemory", "No space left", "UNABLE_TO_ACQUIRE_MEMORY", "exceeds memory limits", "maxResultSize")


class Quiet:
    """Turns Spark's errors into ours, and tells Spark to drop what it is doing when somebody interrupts us."""

    def __init__(self, interrupt: Callable[[], object]) -> None:
        self._interrupt = interrupt

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        interruption = _interruption(error)
        if interruption is not None:
            self._interrupt()
            if interruption is not error:
                raise interruption from None
        elif isinstance(error, PySparkException | Py4JError | grpc.RpcError | OSError | EOFError):
            raise translated(error) from None


def _interruption(error: BaseException | None) -> BaseException | None:
    """What interrupts us, which PySpark may have covered: what it clears up then fails on a broken connection."""
    while error is not None and isinstance(error, Exception | GeneratorExit):
        error = error.__context__
    return error


def condition(error: BaseException) -> str:
    """Spark's name for what went wrong, such as `TABLE_OR_VIEW_NOT_FOUND`; where it has none, the type of the error."""
    named = error.getCondition() if isinstance(error, PySparkException) else None
    return named or type(error).__name__


def translated(error: BaseException) -> EngineFailed:
    """What the user is told."""
    said = f"{condition(error)} {error}"
    if any(word in said for word in _FULL):
        return EngineUnavailable(
            "The engine ran out of memory or of disk to spill to.",
            hint="Give Spark's driver and executors more memory or disk (spark.local.dir), or a smaller question.",
        )
    if isinstance(error, OSError | EOFError) or any(word in said for word in _GONE):
        return EngineUnavailable(
            "The connection to Spark was lost.",
            f"It says {condition(error)}.",
            "See whether Spark is still up, then run again; what was sent until now is recorded.",
        )
    return EngineFailed(
        "The engine could not run a query.",
        f"It says {condition(error)}; its message is withheld, it may quote a row.",
    )

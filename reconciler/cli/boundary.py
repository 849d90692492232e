"""Where errors become a message on stderr and an exit code. The only place that does so."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from reconciler.cli.options import Surroundings
from reconciler.errors import ReconcilerError, Usage, WorkspaceInvalid

INTERRUPTED = 130
_PACKAGE = Path(__file__).parents[1]
_FRAMES = 5


def guarded(call: Callable[[], Any], surroundings: Surroundings) -> int:
    """Run a command; what it returns, where that is a number, is the exit code."""
    try:
        result = call()
    except ReconcilerError as error:
        return tell(error, surroundings)
    except click.UsageError as error:
        return _tell_usage(error, surroundings)
    except click.ClickException as error:
        return tell(ReconcilerError(error.format_message()), surroundings)
    except (KeyboardInterrupt, click.Abort):
        _say("Interrupted.", {"summary": "Interrupted.", "exit_code": INTERRUPTED}, surroundings)
        return INTERRUPTED
    except BrokenPipeError:
        _stop_writing()
        return ReconcilerError.exit_code
    except Exception as error:  # noqa: BLE001 - the last resort: a bug must not print what it was working on
        return tell(_about_bug(error), surroundings)
    _flush()
    return result if isinstance(result, int) else 0


def tell(error: ReconcilerError, surroundings: Surroundings) -> int:
    """Say what is wrong; answer the exit code for it."""
    record: dict[str, Any] = {"summary": error.summary, "detail": error.detail, "hint": error.hint}
    if isinstance(error, WorkspaceInvalid):
        record["problems"] = [asdict(problem) for problem in sorted(error.problems)]
    _say(str(error), {**record, "exit_code": error.exit_code}, surroundings)
    return error.exit_code


def _tell_usage(error: click.UsageError, surroundings: Surroundings) -> int:
    """Click's own code 2 would read as "there are changes"."""
    message = error.format_message()
    help_for = f"{error.ctx.get_usage()}\n" if error.ctx is not None and error.ctx.get_usage() not in message else ""
    _say(help_for + message, {"summary": message, "exit_code": Usage.exit_code}, surroundings)
    return Usage.exit_code


def _about_bug(error: Exception) -> ReconcilerError:
    """Says which error and where in our code, and leaves out its message: it may hold anything."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_PACKAGE)
    ]
    lines = [
        f"  {Path(frame.filename).relative_to(_PACKAGE.parent)}:{frame.lineno} in {frame.name}"
        for frame in frames[-_FRAMES:]
    ]
    return ReconcilerError(
        "Something failed that should not have: this is a bug in reconciler.",
        "\n".join([f"{type(error).__name__} at", *lines]),
        "Report it with the lines above; they hold none of your data.",
    )


def _say(text: str, record: dict[str, Any], surroundings: Surroundings) -> None:
    if surroundings.log_format == "json":
        import json

        text = json.dumps({"level": "error", **record}, ensure_ascii=False)
    try:
        click.echo(text, err=True)
    except BrokenPipeError:
        _stop_writing()


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _stop_writing()


def _stop_writing() -> None:
    """Who read our output has gone; whatever is still buffered must not complain at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(null, stream.fileno())

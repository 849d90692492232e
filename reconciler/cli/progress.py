"""Progress of an apply on stderr: one line a step, JSON lines where asked for, a bar on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TypeVar

import click

from reconciler.apply.outcome import Event, Result, Status
from reconciler.cli.options import LogFormat
from reconciler.plan.changes import MEMBERS, Plan

T = TypeVar("T")
Report = Callable[[Event], None]


@contextmanager
def shown(plan: Plan, log_format: LogFormat) -> Iterator[Report]:
    """A function that tells what happens, in the way that suits where it is read."""
    if log_format == "json":
        yield _json_line
    elif sys.stderr.isatty():
        with _bar(plan) as report:
            yield report
    else:
        yield _line


@contextmanager
def planning(work: Callable[[Callable[[str], None]], AbstractContextManager[T]]) -> Iterator[T]:
    """Enter what plans, which may take minutes on millions of people; a terminal shows what it is at."""
    with ExitStack() as stack:
        with busy("Reading the workspace") as tell:
            made = stack.enter_context(work(tell))
        yield made


@contextmanager
def busy(doing: str) -> Iterator[Callable[[str], None]]:
    """While something may take minutes, a terminal says what it is; the function that is given says it anew."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(doing) as status:
        yield status.update


def _line(event: Event) -> None:
    if event.result is not None:
        click.echo(_sentence(event.result), err=True)


def _sentence(result: Result) -> str:
    step = result.step
    count = f" ({result.sent:,})" if step.operation in MEMBERS else ""
    why = f": {result.reason}" if result.reason and result.status is not Status.DONE else ""
    return f"{result.status.value:<8}  {step.operation.value} {step.ad_set or step.address}{count}{why}"


def _json_line(event: Event) -> None:
    if event.result is None:
        return
    record = {
        "level": "info" if event.result.status is Status.DONE else "error",
        "step": event.step.id,
        "operation": event.step.operation.value,
        "address": event.step.address,
        "status": event.result.status.value,
        "sent": event.result.sent,
        "invalid": event.result.invalid,
    }
    click.echo(json.dumps(record), err=True)


@contextmanager
def _bar(plan: Plan) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        total = sum(step.count for step in plan.steps if step.operation in MEMBERS)
        task = progress.add_task("identifiers", total=total)

        def report(event: Event) -> None:
            if event.result is None:
                progress.advance(task, event.sent)
            else:
                progress.console.print(_sentence(event.result), highlight=False, markup=False)

        yield report

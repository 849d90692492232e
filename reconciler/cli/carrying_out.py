"""What `apply` and `sync` share: show, ask, carry out, tell how it ended."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import click

from reconciler import run
from reconciler.apply.outcome import Outcome
from reconciler.cli.console import confirmed, has_color, rendered
from reconciler.cli.options import Surroundings
from reconciler.cli.progress import busy, planning, shown
from reconciler.errors import NotAuthorised, ReconcilerError
from reconciler.report.outcome import Ended, render_outcome
from reconciler.state.store import HeldLease

BLOCKED = 3


class Act(NamedTuple):
    """One of the two commands: its name in locks and journals, how it plans, whether it asks for Criteo's counts."""

    name: str
    plan: Callable[..., AbstractContextManager[run.Planned]]
    counts: bool = False


APPLY = Act("apply", run.planned)
SYNC = Act("sync", run.planned_sync, counts=True)


def carry_out(act: Act, setting: run.Setting, surroundings: Surroundings, *, wait: float, ask: bool) -> int:
    """Lock, plan, show, ask where asked to, carry out. Answers the exit code; raises what stopped it."""
    begun = time.monotonic()
    with setting.store.lock(act.name, wait) as lease, setting.store.staging() as staging:
        if lease.takeover:
            surroundings.tell(lease.takeover)
        with planning(lambda tell: act.plan(setting, staging=staging, tell=tell)) as made:
            click.echo(rendered(made.plan).rstrip("\n"))
            if made.plan.is_empty and made.snapshot is None:
                return exit_code(None, 0, blocked=bool(made.plan.blocks))
            if ask and not made.plan.is_empty and not confirmed("Carry out this plan?"):
                surroundings.tell("Nothing was done.")
                return 1
            outcome, signals = _walked(act, setting, made, surroundings, lease=lease, staging=staging)
            _tell(outcome)
            if act.counts and not signals.code and not isinstance(outcome.error, NotAuthorised):
                _count(setting, made, outcome, surroundings, seconds=time.monotonic() - begun)
            return exit_code(outcome.error, signals.code, blocked=bool(made.plan.blocks))


class _Signals:
    """The first Ctrl-C or SIGTERM asks for the next safe point, the second ends at once."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self.stop = threading.Event()
        self.code = 0

    def __call__(self, number: int, _: FrameType | None) -> None:
        if self.stop.is_set():
            self._tell("Interrupted.")
            os._exit(128 + number)  # calls in flight may take a minute; the next run says again what is in doubt
        self.code = 128 + number
        self.stop.set()
        self._tell("Stopping at the next safe point; once more ends at once.")


@contextmanager
def _caught(tell: Callable[[str], None]) -> Iterator[_Signals]:
    signals = _Signals(tell)
    before = {number: signal.signal(number, signals) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _walked(
    act: Act,
    setting: run.Setting,
    made: run.Planned,
    surroundings: Surroundings,
    *,
    lease: HeldLease,
    staging: Path,
) -> tuple[Outcome, _Signals]:
    with _caught(surroundings.tell) as signals, shown(made.plan, surroundings.log_format) as report:
        outcome = run.carry_out(
            setting, made, operation=act.name, lease=lease, staging=staging, report=report, stop=signals.stop
        )
    return outcome, signals


def _count(
    setting: run.Setting, made: run.Planned, outcome: Outcome, surroundings: Surroundings, *, seconds: float
) -> None:
    with busy("Asking for Criteo's counts"):
        said = run.count(setting, made, outcome, seconds=seconds)
    if said:
        surroundings.tell(said)


def _tell(outcome: Outcome) -> None:
    if not outcome.results:
        return
    ends = [
        Ended(each.step.address, each.step.operation.value, each.status.value, each.reason) for each in outcome.results
    ]
    click.echo("\n" + render_outcome(ends, colour=has_color(sys.stdout.isatty())).rstrip("\n"))
    invalid = sum(sent.invalid for sent in outcome.members.values())
    if invalid:
        click.echo(f"Criteo calls {invalid:,} of the identifiers invalid.")


def exit_code(error: ReconcilerError | None, interrupted: int, *, blocked: bool) -> int:
    """Not being authorised comes before having been interrupted, and that before not having done everything.

    Raises the error where it comes first. `interrupted` is 130, 143, or 0 when no signal came.
    """
    if isinstance(error, NotAuthorised) or (error is not None and not interrupted):
        raise error
    return interrupted or (BLOCKED if blocked else 0)

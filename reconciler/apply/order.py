"""Which steps come next. Pure: it sees the plan's steps and what became of those that ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.apply.outcome import Result, Status
from reconciler.plan.changes import Phase, Step

PHASES = tuple(Phase)
_FATES = {
    Status.FAILED: "failed",
    Status.UNKNOWN: "may have failed",
    Status.SKIPPED: "was skipped",
    Status.UNDONE: "is not done",
}


def next_round(steps: Iterable[Step], ended: Mapping[str, Result]) -> tuple[Step, ...]:
    """The steps to take together now, in the plan's order: those of the earliest phase among all whose needs are met.

    A restricting step that is ready is therefore never overtaken by a loosening one, and a step whose needs are met
    never waits for a phase as such.
    """
    ready = [step for step in steps if step.id not in ended and _met(step, ended)]
    phase = min((PHASES.index(step.phase) for step in ready), default=0)
    return tuple(step for step in ready if PHASES.index(step.phase) == phase)


def _met(step: Step, ended: Mapping[str, Result]) -> bool:
    return all(need in ended and ended[need].status is Status.DONE for need in step.needs)


def hopeless(steps: tuple[Step, ...], ended: Mapping[str, Result]) -> tuple[Result, ...]:
    """The steps that can't be taken any more because something they need is not done, each with what it waited for."""
    known = {step.id: step for step in steps}
    skipped: dict[str, Result] = {}
    while found := _skippable(steps, known, {**ended, **skipped}):
        skipped |= {result.step.id: result for result in found}
    return tuple(skipped.values())


def _skippable(steps: tuple[Step, ...], known: Mapping[str, Step], ended: Mapping[str, Result]) -> list[Result]:
    found = []
    for step in steps:
        reason = _reason(step, known, ended)
        if step.id not in ended and reason:
            found.append(Result(step=step, status=Status.SKIPPED, reason=reason))
    return found


def _reason(step: Step, known: Mapping[str, Step], ended: Mapping[str, Result]) -> str:
    for need in sorted(step.needs):
        if need not in known:
            return f"it needs {need}, which is blocked"
        if need in ended and ended[need].status is not Status.DONE:
            return f"it needs {title(known[need])}, which {_FATES[ended[need].status]}"
    return ""


def title(step: Step) -> str:
    """How a step is called in messages: `segment.winback (remove members)`."""
    return f"{step.address} ({step.operation})"

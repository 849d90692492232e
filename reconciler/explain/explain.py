"""What a command asks, answered: a segment or an audience by itself, or one person in it."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.explain.answers import Explained, Funnel, InAudience, Reach
from reconciler.explain.audience import aim_of, explain_audience, explain_in_audience, targets_of_aim
from reconciler.explain.clock import Moment
from reconciler.explain.funnel import explain_segment, sql_of
from reconciler.explain.names import named
from reconciler.explain.person import explain_person
from reconciler.explain.targets import Target, targets_of
from reconciler.membership.finding import Sought
from reconciler.model.workspace import Workspace

Answers = tuple[Explained, ...] | tuple[InAudience, ...] | tuple[Funnel, ...] | Reach


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What was asked for, and what else the name could have meant."""

    told: Answers
    also: str | None = None


def explain(workspace: Workspace, name: str, sought: Sought | None, moment: Moment) -> Answer:
    """Explain a segment, a slice or an audience; with `sought` whoever that is, in it.

    Raises Usage for a name that is none, NotFound where nobody is meant, and whatever a plan raises for data.
    """
    what = named(workspace, name)
    if what.audience is not None:
        if sought is None:
            return Answer(told=explain_audience(workspace, what.audience, moment))
        return Answer(told=explain_in_audience(workspace, what.audience, sought, moment))
    targets = targets_of(workspace, what.segment or "", what.part)
    if sought is None:
        return Answer(told=explain_segment(workspace, targets, moment), also=what.also)
    return Answer(told=explain_person(workspace, targets, sought, moment), also=what.also)


def sql(workspace: Workspace, name: str, moment: Moment) -> str:
    """Every statement that computes a segment, or the lists of an audience."""
    return sql_of(workspace, _all_targets(workspace, name), moment)


def _all_targets(workspace: Workspace, name: str) -> tuple[Target, ...]:
    what = named(workspace, name)
    if what.audience is not None:
        return targets_of_aim(workspace, aim_of(workspace, what.audience))
    return targets_of(workspace, what.segment or "", what.part)

"""What a command asks, answered: a segment or an audience by itself, or one person in it."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.explain.answers import Explained, Funnel, InAudience, Reach
from reconciler.explain.audience import (
    Aimed,
    aimed_at,
    aimed_at_exclusions,
    explain_audience,
    explain_in_audience,
    targets_of_aim,
)
from reconciler.explain.clock import Moment
from reconciler.explain.funnel import explain_segment, sql_of
from reconciler.explain.names import Named, named
from reconciler.explain.person import explain_person
from reconciler.explain.targets import Target, targets_of
from reconciler.membership.finding import Sought
from reconciler.model.workspace import AudienceConfig, Workspace

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
        aimed = _aimed(workspace, what, what.audience)
        if sought is None:
            return Answer(told=explain_audience(workspace, aimed, moment))
        return Answer(told=explain_in_audience(workspace, aimed, sought, moment))
    targets = targets_of(workspace, what.segment or "", what.part)
    if sought is None:
        return Answer(told=explain_segment(workspace, targets, moment), also=what.also)
    return Answer(told=explain_person(workspace, targets, sought, moment), also=what.also)


def _aimed(workspace: Workspace, what: Named, audience: AudienceConfig) -> Aimed:
    if what.excluded:
        return aimed_at_exclusions(audience, what.excluded)
    return aimed_at(workspace, audience)


def sql(workspace: Workspace, name: str, moment: Moment) -> str:
    """Every statement that computes a segment, or the lists of an audience."""
    return sql_of(workspace, _all_targets(workspace, name), moment)


def _all_targets(workspace: Workspace, name: str) -> tuple[Target, ...]:
    what = named(workspace, name)
    if what.audience is not None:
        return targets_of_aim(workspace, _aimed(workspace, what, what.audience).aim)
    return targets_of(workspace, what.segment or "", what.part)

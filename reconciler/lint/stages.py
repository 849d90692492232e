"""At which ages an audience shows its ads, and what its ladder has to say of these ages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from reconciler.lint.reading import needs_event
from reconciler.lint.subject import Audience, List, Subject
from reconciler.model.conditions import SLICE, Condition, Event, Group, Pick
from reconciler.model.offers import NONE, Ladder, Offer, Owned, Stage
from reconciler.model.time import EVER, Window, format_duration


@dataclass(frozen=True, slots=True)
class Placed:
    """An audience with an offer on a ladder; `stage` is the one that it names."""

    audience: Audience
    offer: Offer
    ladder: Ladder
    stage: Stage | None


def placed(subject: Subject) -> Iterator[Placed]:
    """The audiences that stand on a ladder."""
    ladders = {ladder.key: ladder for ladder in subject.workspace.offers}
    for audience in subject.audiences:
        offer = audience.config.offer
        if offer is not None and offer.ladder is not None:
            ladder = ladders[offer.ladder]
            yield Placed(audience, offer, ladder, ladder.stage(offer.touch))


def ages_of(each: List) -> Window | None:
    """The ages of the event that brings people onto a list, where it has one with an end or a beginning: of a slice its
    window, else of an event that is asked of everybody, first of all one that is picked.
    """
    if each.slice is not None:
        return each.slice.window
    found = [event for event in _events(each.segment.condition) if event.within not in {SLICE, EVER}]
    found.sort(key=lambda event: not isinstance(event.measure, Pick))
    within = found[0].within if found else None
    return within if isinstance(within, Window) else None


def _events(condition: Condition) -> Iterator[Event]:
    if isinstance(condition, Event) and needs_event(condition):
        yield condition
    elif isinstance(condition, Group):
        for member in condition.all:
            yield from _events(member)


def reigns(ladder: Ladder) -> Iterator[tuple[Stage, Window]]:
    """The ages for which each stage counts: from its beginning until the next one begins."""
    timed = [(stage, stage.within) for stage in ladder.stages if stage.within is not None]
    for number, (stage, window) in enumerate(timed):
        following = timed[number + 1][1].start if number + 1 < len(timed) else None
        yield stage, Window(window.start, following)


def allowed(ladder: Ladder, ages: Window) -> Fraction | None:
    """The most that may be offered at all of these ages; None where the ladder has no ages."""
    spans = list(reigns(ladder))
    if not spans:
        return None
    early = [NONE] if ages.start < spans[0][1].start else []
    return min([*early, *(stage.discount for stage, span in spans if span.overlaps(ages))])


def first_allowing(ladder: Ladder, discount: Fraction) -> Stage | None:
    """The first stage at which so much may be offered."""
    return next((stage for stage in ladder.stages if stage.discount >= discount), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a channel offers at some ages: from its stage's beginning until it ends."""

    owned: Owned
    stage: Stage
    ages: Window


def standing(ladder: Ladder) -> Iterator[Standing]:
    """Every offer of a channel that has ages. One with a last day stands for as long as its stage, or longer."""
    for stage in ladder.stages:
        for each in stage.owned:
            if stage.within is not None:
                end = each.until if each.until is not None else stage.within.end
                yield Standing(each, stage, Window(stage.within.start, end))


def shown(each: Placed) -> list[Window]:
    """The ages at which the ads are shown: of the included lists, or where these tell none of the stage."""
    windows = [ages for ages in map(ages_of, each.audience.include) if ages is not None]
    own = each.stage.within if each.stage else None
    return windows or ([own] if own else [])


def when(stage: Stage) -> str:
    """A stage as messages name it: `touch 3 (2d..7d)`."""
    return f"touch {stage.touch}" + (f" ({stage.within})" if stage.within else "")


def end_text(window: Window) -> str:
    """When a window ends: `7d`, or that it has no end."""
    return format_duration(window.end) if window.end is not None else "without end"

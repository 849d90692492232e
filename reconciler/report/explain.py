"""An explanation of a person as text: the answer first, then each condition with what decided it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from reconciler.explain.answers import EventSeen, Evidence, Explained, Fate, InAudience, Judged, Looked, Standing, Turn
from reconciler.model.settings import Place
from reconciler.report.moments import ago, moment
from reconciler.report.shown_kinds import beyond_words
from reconciler.report.style import Paint, painter

TYPES = {"email": "e-mail", "phoneNumber": "telephone"}


def render_person(found: Sequence[Explained], *, colour: bool = False) -> str:
    """Everybody who was found, one after the other."""
    paint = painter(colour=colour)
    parts = [_person(each, number, paint) for number, each in enumerate(found, 1)]
    return "\n\n\n".join(parts) + "\n"


def _person(explained: Explained, number: int, paint: Paint) -> str:
    several = _which(number, explained.holders)
    records = f"{explained.records} records that are one person. " if explained.records > 1 else ""
    head = f"{several}{records}As of {moment(explained.as_of)}."
    looked = explained.looked if explained.predictable else None
    lines = [head, "", *verdicts(explained.standings, explained.as_of, paint, looked)]
    for each in _detailed(explained.standings):
        lines += ["", *details(each, explained.as_of, paint)]
    if not explained.predictable:
        lines += ["", "A query of this segment reads the clock itself: since when and until when is not known."]
    return "\n".join(lines)


def _detailed(standings: Sequence[Standing]) -> Sequence[Standing]:
    """The lists that the person is in; else the one whose conditions are met, or is entered first, or the first."""
    inside = [each for each in standings if each.belongs]
    meant = [each for each in standings if each.judged.holds]
    entered = [(each.turns.at, number) for number, each in enumerate(standings) if each.turns is not None]
    return inside or meant[:1] or [standings[number] for _, number in sorted(entered)[:1]] or standings[:1]


def _which(number: int, holders: int) -> str:
    return f"Person {number} of {holders:,} who hold it. " if holders > 1 else ""


def verdicts(standings: Iterable[Standing], as_of: dt.datetime, paint: Paint, looked: Looked | None) -> Iterator[str]:
    """A line or two a list: in or out, since when and until when, or why not."""
    for each in standings:
        name = "" if each.name == each.address.partition(".")[2] else f'  "{each.name}"'
        sign = paint("+", "IN ") if each.belongs else paint("-", "OUT")
        yield f"{sign}  {paint('bold', each.address)}{name}  {place(each.place)}"
        yield from (f"     {line}" for line in _when(each, as_of, looked))
        yield from (f"     {reason}" for reason in each.reasons)


def _when(told: Standing | InAudience, as_of: dt.datetime, looked: Looked | None) -> Iterator[str]:
    if looked is None:
        return
    inside = told.belongs if isinstance(told, Standing) else told.reached
    back, ahead = looked
    if inside:
        ever = f"since before {moment(back)}" if back else "since ever: by today's data it was never otherwise"
        yield _turned("since", told.turned, as_of) or ever
        stays = f"stays until {moment(ahead)} at least" if ahead else "stays, as long as nothing else happens"
        yield _turned("leaves at", told.turns, as_of) or stays
    elif told.turns is not None:
        yield _turned("enters at", told.turns, as_of)


def _turned(what: str, turn: Turn | None, as_of: dt.datetime) -> str:
    return f"{what} {moment(turn.at)} ({ago(turn.at, as_of)}): {'; '.join(turn.why)}" if turn else ""


def details(standing: Standing, as_of: dt.datetime, paint: Paint) -> Iterator[str]:
    """Condition by condition, then what else decides about a list."""
    yield paint("bold", f"Conditions of {standing.address}")
    yield from _judged(standing.judged, as_of, paint, 1, met=standing.judged.holds)
    if standing.consents is not None:
        yield f"Consent: {'given' if standing.consents else paint('-', 'not given')}"
    if standing.in_period is not None:
        yield f"Period: {'runs' if standing.in_period else paint('-', 'does not run now')}"
    if standing.published:
        yield from _identifiers(standing.fates)


def _judged(judged: Judged, as_of: dt.datetime, paint: Paint, depth: int, *, met: bool) -> Iterator[str]:
    clause = judged.clause
    role = "" if clause.role == "who" else f"{clause.role:<4} "
    sign = paint("+", "✓") if judged.holds else paint("-", "✗")
    where = f"  {paint('dim', place(clause.place))}" if clause.place else ""
    # Of somebody who meets all of it everything decides: what does hold is what one wants to see.
    decides = judged.decides and not judged.children and (judged.holds or not met)
    mark = "  <- decides" if decides else ""
    indent = "  " * depth
    yield f"{indent}{sign} {role}{clause.text}{where}{mark}"
    yield from (f"{indent}    {line}" for line in seen(judged, as_of))
    for child in judged.children:
        yield from _judged(child, as_of, paint, depth + 1, met=met)


def seen(judged: Judged, as_of: dt.datetime) -> Iterator[str]:
    """What a condition looked at."""
    if judged.values:
        yield f"is {', '.join('missing' if value is None else f'`{value}`' for value in judged.values)}"
    for evidence in judged.evidence:
        yield from _events(evidence, as_of)


def _events(evidence: Evidence, as_of: dt.datetime) -> Iterator[str]:
    told = "" if evidence.what == "counted" else f"{evidence.what}: "
    if not evidence.events and evidence.what in ("counted", "other events"):
        return
    if not evidence.events:
        yield f"{told}none"
    for event in evidence.events:
        yield f"{told}{_event(event, as_of)}"
    if evidence.more > 0:
        yield f"and {evidence.more:,} more"


def _event(event: EventSeen, as_of: dt.datetime) -> str:
    columns = "".join(f", {column} {'missing' if value is None else value}" for column, value in event.columns)
    return f"{event.kind} {moment(event.time)}, {ago(event.time, as_of)}{columns}"


def _identifiers(fates: Sequence[Fate]) -> Iterator[str]:
    if not fates:
        yield "Identifiers: none"
    for each in fates:
        told = [f"{each.sent} of {each.number} sent"] if each.number else ["none that is valid"]
        told += [f"{number} not: {why}" for why, number in each.kept_back.items()]
        told += [f"{number} can't be: {why.replace('_', ' ')}" for why, number in each.invalid.items()]
        yield f"Identifiers ({TYPES[each.type]}): {'; '.join(told)}"


def place(where: Place) -> str:
    """`segments/cart.yaml:6:3`."""
    return f"{where.file}:{where.line}:{where.column}"


def render_in_audience(found: Sequence[InAudience], *, colour: bool = False) -> str:
    """Everybody who was found, in an audience."""
    paint = painter(colour=colour)
    return "\n\n\n".join("\n".join(_in_audience(each, number, paint)) for number, each in enumerate(found, 1)) + "\n"


def _in_audience(told: InAudience, number: int, paint: Paint) -> Iterator[str]:
    yield f"{_which(number, told.holders)}As of {moment(told.as_of)}."
    yield ""
    sign = paint("+", "IN ") if told.reached else paint("-", "OUT")
    name = "" if told.name == told.address.partition(".")[2] else f'  "{told.name}"'
    yield f"{sign}  {paint('bold', told.address)}{name}  {place(told.place)}"
    yield from (f"     {line}" for line in _about_audience(told))
    if told.beyond:
        yield f"     {beyond_words(told.beyond)}"
    if told.algebra:
        yield f"     by {told.algebra}"
        titles = "Lists that bring people in:", "Lists that keep people out:"
    else:
        titles = "On one of these lists:", "And on none of these:"
    for what, standings in zip(titles, (told.include, told.exclude), strict=True):
        yield from (
            ("", paint("bold", what), *verdicts(standings, told.as_of, paint, _looked(told))) if standings else ()
        )
    for each in _telling(told):
        yield from ("", *details(each, told.as_of, paint))


def _about_audience(told: InAudience) -> Iterator[str]:
    yield from _when(told, told.as_of, _looked(told))
    if not told.predictable:
        yield "a query reads the clock itself: since when and until when is not known"
    if told.is_list:
        yield f"{told.included} of {told.identifiers} identifiers on a list that it stands for"
        return
    yield f"{told.included} of {told.identifiers} identifiers on an included list"
    yield from (f"{number} held out by {address}" for address, number in told.held_out.items())
    if told.in_period is False:
        yield "the audience's period does not run: its ad sets are not linked now"
    elif not told.linked:
        yield "the audience has no ad sets yet"


def _looked(told: InAudience) -> Looked | None:
    return told.looked if told.predictable else None


def _telling(told: InAudience) -> Sequence[Standing]:
    """The lists that decide: those that hold her out, else those that bring her in, else all that could."""
    holding = [each for each in told.exclude if each.belongs and told.included]
    if told.algebra:
        holding = [each for each in holding if each.address in told.held_out]
    bringing = [each for each in told.include if each.belongs]
    return holding or bringing or told.include

"""A segment or an audience by itself, as text and as JSON: what it asks, and how many people that is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from reconciler.explain.answers import Funnel, Reach, Row
from reconciler.report.explain import place
from reconciler.report.explain_json import FORMAT_VERSION, dumped
from reconciler.report.explain_json import place as json_place
from reconciler.report.moments import iso, moment
from reconciler.report.shown_kinds import beyond_words
from reconciler.report.style import Paint, painter

_WIDTH = 10


def render_funnels(funnels: Sequence[Funnel], as_of: dt.datetime, *, colour: bool = False) -> str:
    """A table for each list."""
    paint = painter(colour=colour)
    parts = ["\n".join(_funnel(each, paint)) for each in funnels]
    return f"As of {moment(as_of)}, in people.\n\n" + "\n\n".join(parts) + "\n"


def _funnel(funnel: Funnel, paint: Paint) -> Iterator[str]:
    yield _head(funnel, paint)
    if funnel.description:
        yield f"  {funnel.description}"
    yield ""
    yield paint("dim", f"{'alone':>{_WIDTH}}{'left':>{_WIDTH}}{'without':>{_WIDTH}}  condition")
    yield _line(funnel.everyone, funnel.everyone, None, "everybody")
    for row in funnel.rows:
        yield _line(row.alone, row.left, row.without, _condition(row, paint))
    yield from _ends(funnel)


def _head(told: Funnel | Reach, paint: Paint) -> str:
    name = "" if told.name == told.address.partition(".")[2] else f'  "{told.name}"'
    return f"{paint('bold', told.address)}{name}  {place(told.place)}"


def _condition(row: Row, paint: Paint) -> str:
    clause = row.clause
    role = "" if clause.role == "who" else f"{clause.role:<4} "
    where = f"  {paint('dim', place(clause.place))}" if clause.place else ""
    return f"{'  ' * row.depth}{role}{clause.text}{where}"


def _ends(funnel: Funnel) -> Iterator[str]:
    if funnel.allowed is None:
        yield _line(None, funnel.belong, None, "belong; the segment is not published")
        return
    yield _line(None, funnel.belong, None, "belong by the conditions")
    yield _line(None, funnel.allowed, None, "of them are allowed, by consent and period")
    yield _line(None, funnel.identifiers, None, "identifiers are sent")


def _line(alone: int | None, left: int | None, without: int | None, what: str) -> str:
    numbers = (_number(alone), _number(left), "" if without is None else f"{without:+,}")
    return "".join(f"{number:>{_WIDTH}}" for number in numbers) + f"  {what}"


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def render_funnels_json(funnels: Sequence[Funnel], as_of: dt.datetime) -> str:
    """The same for machines."""
    lists = [_funnel_json(each) for each in funnels]
    return dumped({"format_version": FORMAT_VERSION, "told": "segment", "as_of": iso(as_of), "lists": lists})


def _funnel_json(funnel: Funnel) -> dict[str, Any]:
    return {
        "address": funnel.address,
        "name": funnel.name,
        "place": json_place(funnel.place),
        "description": funnel.description,
        "published": funnel.published,
        "everyone": funnel.everyone,
        "belong": funnel.belong,
        "allowed": funnel.allowed,
        "identifiers": funnel.identifiers,
        "conditions": [_row_json(row) for row in funnel.rows],
    }


def _row_json(row: Row) -> dict[str, Any]:
    clause = row.clause
    return {
        "role": clause.role,
        "path": clause.path,
        "place": json_place(clause.place),
        "depth": row.depth,
        "text": clause.text,
        "alone": row.alone,
        "left": row.left,
        "without": row.without,
    }


def render_reach(reach: Reach, as_of: dt.datetime, *, colour: bool = False) -> str:
    """An audience by itself: what each list brings in and takes away."""
    paint = painter(colour=colour)
    return "\n".join([f"As of {moment(as_of)}, in identifiers.", "", *_reach(reach, paint)]) + "\n"


def _reach(reach: Reach, paint: Paint) -> Iterator[str]:
    yield _head(reach, paint)
    if reach.description:
        yield f"  {reach.description}"
    if reach.beyond:
        yield f"  {beyond_words(reach.beyond)}"
    yield ""
    yield f"By {reach.algebra}; lists that bring people in:" if reach.algebra else "Any of these lists:"
    yield from (f"{members:>{_WIDTH},}  {address}" for address, _, members in reach.include)
    yield f"{reach.included:>{_WIDTH},}  are on one of them{', and so on this one' if reach.is_list else ''}"
    if reach.exclude:
        yield "Lists that keep people out:" if reach.algebra else "And none of these:"
        yield paint("dim", f"{'on it':>{_WIDTH}}{'held out':>{_WIDTH}}{'by it only':>{_WIDTH + 2}}")
    for each in reach.exclude:
        yield f"{each.members:>{_WIDTH},}{each.held_out:>{_WIDTH},}{each.alone:>{_WIDTH + 2},}  {each.address}"
    if not reach.is_list:
        yield f"{reach.left:>{_WIDTH},}  are left, for {_ad_sets(reach)}"


def _ad_sets(reach: Reach) -> str:
    if not reach.ad_sets:
        return "no ad set yet"
    told = f"ad set {reach.ad_sets[0]}" if len(reach.ad_sets) == 1 else f"{len(reach.ad_sets)} ad sets"
    return (
        f"{told}, which {'is' if len(reach.ad_sets) == 1 else 'are'} not linked now"
        if reach.in_period is False
        else told
    )


def render_reach_json(reach: Reach, as_of: dt.datetime) -> str:
    """The same for machines."""
    return dumped(
        {
            "format_version": FORMAT_VERSION,
            "told": "audience",
            "as_of": iso(as_of),
            "audience": reach.address,
            "name": reach.name,
            "place": json_place(reach.place),
            "ad_sets": list(reach.ad_sets),
            "in_period": reach.in_period,
            "include": [{"address": address, "identifiers": members} for address, _, members in reach.include],
            "included": reach.included,
            **({"algebra": reach.algebra} if reach.algebra else {}),
            **({"beyond": list(reach.beyond)} if reach.beyond else {}),
            "exclude": [
                {"address": e.address, "identifiers": e.members, "held_out": e.held_out, "by_it_only": e.alone}
                for e in reach.exclude
            ],
            "left": reach.left,
        }
    )

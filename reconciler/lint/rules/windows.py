"""Rules about time: how long somebody is on a list, and how long it takes until that shows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from reconciler.lint.reading import EVER_LONG, Reader
from reconciler.lint.rule import Hit, Rule
from reconciler.lint.subject import List, Subject, place_of
from reconciler.model.lint import Severity
from reconciler.model.settings import Place
from reconciler.model.time import format_age, format_duration

HOUR = 60
_CRITEO_IS_SLOW = (
    (
        "Criteo documents no delay for contact lists. For segments of its Commerce Grid it states runs at 00:00 and "
        "12:00 UTC and about 5 hours until they are live: "
        "https://developers.criteo.com/marketing-solutions/docs/commerce-grid-audience-segments-endpoints"
    ),
    (
        "Lytics, which sends contact lists, reports up to 24 hours: "
        "https://learn.lytics.com/documentation/product/integrations/criteo/export-audiences"
    ),
)


def _gaps(subject: Subject) -> Iterator[Hit]:
    for segment in subject.workspace.segments:
        for younger, older in pairwise(segment.slices):
            end, start = younger.window.end, older.window.start
            if end is not None and end < start:
                yield Hit(
                    address=f"segment.{segment.key}",
                    place=place_of(segment, "slices"),
                    message=f"nobody is on a list from {_long(end)} to {_long(start)}: slice "
                    f"`{younger.name}` ends before `{older.name}` begins",
                    hint="Let the windows meet, or ignore the gap and say what happens to people meanwhile.",
                )


def _too_short(subject: Subject) -> Iterator[Hit]:
    settings, lint = subject.workspace.settings, subject.workspace.lint
    needed = settings.schedule + lint.criteo_delay
    for each, stay in _stays(subject):
        if HOUR <= stay < needed:
            yield Hit(
                address=each.address,
                place=_place(each),
                message=f"somebody is on it for {_long(stay)} at most; until that shows it may take {_long(needed)} "
                f"({_long(settings.schedule)} between two runs, {_long(lint.criteo_delay)} at Criteo)",
                hint="Widen the window, run sync more often (`schedule`), or reach these people by e-mail or on the "
                "site. If you have measured Criteo to be quicker, say so in `lint.criteo_delay`.",
            )


def _under_an_hour(subject: Subject) -> Iterator[Hit]:
    for each, stay in _stays(subject):
        if stay < HOUR:
            yield Hit(
                address=each.address,
                place=_place(each),
                message=f"somebody is on it for {_long(stay)} at most: no advertisement comes as quickly",
                hint="Leave this moment to the site, the app or an e-mail, and begin the list where it ends.",
            )


def _vague(subject: Subject) -> Iterator[Hit]:
    reader, widest = Reader(subject.segments, subject.is_purchase), subject.workspace.lint.widest_window
    for each in subject.included:
        reach = reader.reach(each)
        if reach > widest:
            back = "at any time" if reach == EVER_LONG else f"up to {_long(reach)} ago"
            yield Hit(
                address=each.address,
                place=_place(each),
                message=f"what happened {back} is enough to be on it; {_long(widest)} is the most that "
                f"`lint.widest_window` takes for an interest",
                hint="Add `within`, or something that tells these people from all others.",
            )


def _slow_feed(subject: Subject) -> Iterator[Hit]:
    reader = Reader(subject.segments, subject.is_purchase)
    told: set[str] = set()
    for each, stay in sorted(_stays(subject), key=lambda pair: pair[1]):
        key = each.segment.key
        if stay == EVER_LONG or key in told:
            continue
        slow = list(_slow(reader.kinds(each), stay, subject))
        if slow:
            told.add(key)
            yield Hit(
                address=each.address,
                place=_place(each),
                message=f"somebody is on it for {_long(stay)} at most, and {'; '.join(slow)}",
                hint="Deliver the events more often and lower `fresh_within`: the list is then left as it is when the "
                "feed stops, in place of running empty or keeping buyers in.",
            )


def _slow(kinds: frozenset[str], stay: float, subject: Subject) -> Iterator[str]:
    """What is wrong with the freshness of the kinds, in words."""
    found: dict[str, list[str]] = {}
    for kind in sorted(kinds):
        why = _about(kind, stay, subject)
        if why:
            found.setdefault(why, []).append(f"`{kind}`")
    yield from (f"{why} ({', '.join(slow)})" for why, slow in found.items())


def _about(kind: str, stay: float, subject: Subject) -> str:
    trusted, age = _trusted(kind, subject), _age(kind, subject)
    if age > stay:
        return f"the newest event is {format_age(int(age))} old"
    if trusted is None:
        return "nothing says how fresh its events have to be"
    return f"events count as fresh when the newest is {_long(trusted)} old" if trusted > stay else ""


def _age(kind: str, subject: Subject) -> float:
    """How many minutes ago the newest event of a kind happened; 0 where that is not known."""
    membership = subject.membership
    newest = membership.health.events.newest.get(kind) if membership else None
    return (membership.as_of - newest).total_seconds() // 60 if membership and newest else 0


def _trusted(kind: str, subject: Subject) -> int | None:
    """The greatest age in minutes at which some source of a kind is trusted; None where one is trusted at any."""
    limits = [
        dict(source.fresh_within).get(kind, dict(source.fresh_within).get("*"))
        for source in subject.workspace.settings.source.events
        if source.kind in {None, kind}
    ]
    sure = [limit for limit in limits if limit is not None]
    return max(sure) if sure and len(sure) == len(limits) else None


def _stays(subject: Subject) -> Iterator[tuple[List, float]]:
    """The lists that target somebody, each with the minutes for which somebody is on it at most."""
    reader = Reader(subject.segments, subject.is_purchase)
    yield from ((each, reader.stay(each)) for each in subject.targeting)


def _place(each: List) -> Place:
    return place_of(each.segment, "slices" if each.slice else "who")


def _long(minutes: float) -> str:
    """A duration as one says it: below two days in hours."""
    hours, rest = divmod(int(minutes), HOUR)
    return f"{hours}h" if not rest and 0 < hours < 48 else format_duration(int(minutes))


RULES = (
    Rule(
        id="RL201",
        name="slice-gap",
        severity=Severity.WARNING,
        what="The slices of a segment leave a gap: for some time somebody is on none of its lists.",
        why="""\
Slices are the stages of one campaign. Between two that do not meet somebody is in neither, so that ads stop and begin
again; mostly one window was changed and its neighbour was not.""",
        instead="Let the next window begin where the last one ends. A pause on purpose gets an ignore that says why.",
        check=_gaps,
        wrong="windows: { hot: 0h..4h, cooling: 2d..7d }",
        right="windows: { hot: 0h..2d, cooling: 2d..7d }",
    ),
    Rule(
        id="RL202",
        name="window-too-short",
        severity=Severity.WARNING,
        what="Somebody is on a list for less time than it takes until an advertisement can follow from it.",
        why="""\
Somebody enters with the next run of `sync`, and Criteo takes its own time to match and to digest the list. When she
has left by then, the ads reach people of an earlier moment, and late: a list of the last four hours shows
yesterday's. How long somebody can be on a list follows from its windows; lists that are only excluded are not
judged.""",
        instead="""\
Widen the window, or run `sync` more often and say so in `schedule`. Let the next slice catch those who come late.
What must be said within hours is better said by e-mail or on the site.""",
        check=_too_short,
        settings=("schedule", "criteo_delay"),
        sources=_CRITEO_IS_SLOW,
        wrong="within: 4h",
        right="within: 2d",
    ),
    Rule(
        id="RL203",
        name="window-under-an-hour",
        severity=Severity.WARNING,
        what="Somebody is on a list for less than an hour.",
        why="""\
Within the first hour somebody is often still on the site, and the channels that you own (the site, the app, e-mail)
reach her at once and for nothing. A list at an advertising platform comes after the moment, whatever the schedule.""",
        instead="Begin the list where the moment of your own channels ends: `1h..24h`.",
        check=_under_an_hour,
        sources=_CRITEO_IS_SLOW,
        wrong="within: 30m",
        right="within: 1h..3d",
    ),
    Rule(
        id="RL204",
        name="slow-feed",
        severity=Severity.WARNING,
        what="The events that decide about a list may be older than the time that somebody is on it.",
        why="""\
When carts come in every six hours, a list of the last four is empty most of the day. When purchases come in late,
those who bought are shown what they bought for all of the stage. `fresh_within` says how old the newest event of a
kind may be before its lists are left as they are; a greater age than the list's own protects nothing, and none
protects never. Where the data is read, the newest event of each kind is looked at as well.""",
        instead="Deliver the deciding kinds more often, and set `fresh_within` below the time that people stay.",
        check=_slow_feed,
        reads="both",
        wrong='fresh_within: { cart_added: 1h, "*": 5d }',
        right='fresh_within: { cart_added: 1h, "*": 24h }',
    ),
    Rule(
        id="RL205",
        name="vague-segment",
        severity=Severity.WARNING,
        what="An event of long ago is enough to be on a list that an audience includes.",
        why="""\
Who looked at something last year is not interested in it: she is everybody. Such a list grows with every day, spends
the budget on people who have forgotten you, and hides those who have not. Attributes and lists of keys count as
telling, so a definition that has one in every `all` is not judged.""",
        instead="Add a window, or a condition that says what is special about these people now.",
        check=_vague,
        settings=("widest_window",),
        wrong="who: { event: product_viewed }",
        right="who: { event: product_viewed, within: 30d }",
    ),
)

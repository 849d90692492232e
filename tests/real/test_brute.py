"""The evaluator against cases small enough to be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from tests.real import brute
from tests.real.address import identifier
from tests.real.reading import Event, Loader, Person, World, duration, window
from tests.real.values import meets

NOW = datetime(2024, 5, 31, 22, 30, tzinfo=UTC)


def read(text: str) -> Any:
    return yaml.load(text, Loader)  # noqa: S506 - builds plain values only


def event(kind: str, ago: str, **properties: str) -> Event:
    return Event(kind=kind, at=NOW - duration(ago), properties=properties)


def person(*events: Event, holds: str = "", **attributes: str) -> Person:
    """Somebody who consents unless told otherwise; each letter of `holds` stands for an identifier."""
    return Person(attributes={"consent": "yes", **attributes}, identifiers=frozenset(holds), events=events)


def moment(*people: Person, segments: str = "{}", zone: str = "UTC") -> brute.Moment:
    spans = {"hot": window("4h"), "warm": window("4h..24h"), "late": window("2d..")}
    world = World(zone=ZoneInfo(zone), consent_column="consent", windows=spans, segments=read(segments), people=people)
    return brute.Moment(world=world, as_of=NOW)


def held(*people: Person, segments: str, zone: str = "UTC") -> Mapping[str, str]:
    """What each list holds, as a sorted run of letters."""
    found = brute.lists(moment(*people, segments=segments, zone=zone))
    return {name: "".join(sorted(letters)) for name, letters in found.items()}


@pytest.mark.parametrize(
    ("text", "comparisons", "expected"),
    [
        ("0.00", "0", True),
        ("120.10", "{ is: [0, 120.1] }", True),
        ("120.10", '"120.1"', False),
        ("twelve", "{ not: 0 }", False),
        ("12", "{ not: 0 }", True),
        ("9", "{ more_than: 10 }", False),
        ("10", "{ at_least: 10, at_most: 10 }", True),
        ("10", "{ less_than: 10 }", False),
        ("-5.5", "{ less_than: -5 }", True),
        ("Yes", "true", True),
        ("0", "{ is: false }", True),
        ("perhaps", "{ not: true }", False),
        ("no", "{ not: true }", True),
        ("Gold", "gold", False),
        (" gold", "gold", False),
        ("golden", "{ contains: gold, starts_with: g }", True),
        ("axb", "{ starts_with: a_b }", False),
        ("2024-03", "{ at_least: 2024-03, less_than: 2024-04 }", True),
        ("2024-03", "{ not: [2024-01, 2024-03] }", False),
        ("  ", "{ exists: false }", True),
        ("  ", "{ exists: true }", False),
        ("", "{ not: gold }", False),
        ("", "{ at_most: 0 }", False),
    ],
)
def test_comparisons(text: str, comparisons: str, expected: bool) -> None:
    """The literal decides how a text compares, and a missing or unreadable one satisfies nothing."""
    assert meets(text, read(comparisons)) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{ event: view }", True),
        ("{ event: view, within: 3h }", False),  # exactly three hours old: the end is outside
        ("{ event: view, within: 3h..4h }", True),  # and the start inside
        ("{ event: buy, within: hot }", True),
        ("{ event: buy, within: late }", True),
        ("{ event: buy, within: warm }", False),
        ("{ event: tomorrow }", False),
        ("{ event: tomorrow, times: 0 }", True),
        ("{ event: [view, buy], times: 3 }", True),
        ("{ event: buy, times: { more_than: 1, less_than: 3 }, within: 3d }", True),
        ("{ event: buy, times: { not: [0, 1] }, within: 1d }", False),
        ("{ event: buy, where: { site: app }, times: { at_most: 1 } }", True),
        ("{ event: buy, where: { site: [app, web], price: { exists: false } } }", True),
        ("{ event: buy, where: { site: app, price: { at_least: 10.5 } } }", False),
        ("{ event: buy, total: { of: price, is: 10.50 } }", True),
        ("{ event: buy, total: { of: price, less_than: 1 }, within: 1d }", True),
        ("{ event: view, total: { of: price, is: 0 } }", True),
        ("{ event: buy, latest: true, within: late }", False),
        ("{ event: buy, where: { site: web }, latest: true, within: late }", True),
        ("{ event: view, latest: true, not_followed_by: add }", False),  # at the same instant
        ("{ event: add, latest: true, not_followed_by: buy }", False),
        ("{ event: add, latest: true, not_followed_by: [tomorrow] }", True),
        ("{ event: [add, buy], latest: true, within: 2h, not_followed_by: add }", True),
        ("{ event: never, latest: true }", False),
    ],
)
def test_events(condition: str, expected: bool) -> None:
    """Properties narrow, then the latest is picked, then the window looks; what is to come has not happened."""
    someone = person(
        event("view", "3h", price="n/a"),
        event("add", "3h"),
        event("buy", "1h", site="app", price=" "),
        event("buy", "2d", site="web", price="10.5"),
        Event(kind="tomorrow", at=NOW + duration("1m"), properties={}),
    )
    assert brute.holds(read(condition), someone, moment(someone)) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{ all: [{ attribute: tier, is: gold }, { everyone: true }] }", True),
        ("{ any: [{ attribute: tier, is: silver }, { attribute: tier, exists: true }] }", True),
        ("{ none: [{ attribute: tier, is: silver }] }", True),
        ("{ all: [{ everyone: true }], any: [{ attribute: tier, is: silver }] }", False),
        ("{ any: [{ everyone: true }], none: [{ none: [{ attribute: tier, is: silver }] }] }", False),
    ],
)
def test_groups(condition: str, expected: bool) -> None:
    """What stands beside each other in a group holds together."""
    someone = person(tier="gold")
    assert brute.holds(read(condition), someone, moment(someone)) is expected


def test_lists_are_named_as_at_criteo() -> None:
    """A list has the segment's name or key, a slice of it beside that; a helper has no list."""
    segments = """
    a: { name: All of them, who: { everyone: true } }
    b: { name: Bought, slices: [warm, hot], who: { event: buy, latest: true, within: slice } }
    c: { slices: [late], who: { event: buy, latest: true, within: slice } }
    d: { publish: false, who: { everyone: true } }
    """
    assert held(segments=segments) == {"All of them": "", "Bought (hot)": "", "Bought (warm)": "", "c.late": ""}


def test_one_holder_who_is_denied_keeps_an_identifier_out() -> None:
    """Exclusion wins, by a top-level `none` and by consent alike, and only for what the denied person holds."""
    people = (
        person(holds="ab", tier="gold"),
        person(holds="bc", tier="none"),
        person(holds="d", tier="gold"),
        person(holds="de", tier="silver", consent="no"),
        person(holds="f", tier="gold", consent=""),
        person(holds="g", tier="gold", consent="perhaps"),
        person(holds="h", tier="gold"),
    )
    segments = "{ s: { who: { all: [{ attribute: tier, is: gold }], none: [{ attribute: tier, is: none }] } } }"
    assert held(*people, segments=segments) == {"s": "ah"}


def test_a_nested_none_does_not_deny() -> None:
    """Only the top-level `none` keeps a shared identifier out."""
    people = (person(holds="a", tier="gold"), person(holds="a", tier="none"))
    segments = "{ s: { who: { all: [{ attribute: tier, is: gold }, { none: [{ attribute: tier, is: none }] }] } } }"
    assert held(*people, segments=segments) == {"s": "a"}


def test_suppression_needs_no_consent() -> None:
    """Who refused may still be suppressed."""
    segments = """
    s: { purpose: suppression, reason: they asked, who: { everyone: true } }
    t: { who: { everyone: true } }
    """
    assert held(person(holds="a"), person(holds="b", consent="no"), segments=segments) == {"s": "ab", "t": "a"}


def test_a_shared_identifier_goes_to_the_youngest_slice() -> None:
    """Two people in two slices share an identifier: the slice with the younger window has it."""
    people = (person(event("buy", "5h"), holds="ab"), person(event("buy", "1h"), holds="bc"))
    segments = "{ s: { slices: [warm, hot], who: { event: buy, latest: true, within: slice } } }"
    assert held(*people, segments=segments) == {"s.hot": "bc", "s.warm": "a"}


def test_a_segment_in_a_segment_means_its_people() -> None:
    """Consent, period and publication of the segment that is referred to do not count; its own `none` does."""
    people = (
        person(event("buy", "5h"), holds="a", tier="gold"),
        person(event("buy", "1h"), holds="b", tier="gold"),
        person(event("buy", "1h"), holds="c", tier="none"),
    )
    segments = """
    base:
      publish: false
      active: { from: 2030-01-01, to: 2030-01-02 }
      slices: [hot, warm]
      who: { all: [{ event: buy, latest: true, within: slice }], none: [{ attribute: tier, is: none }] }
    s: { who: { segment: base } }
    t: { who: { segment: base.warm } }
    u: { purpose: suppression, reason: the rest, who: { all: [{ everyone: true }], none: [{ segment: base }] } }
    """
    assert held(*people, segments=segments) == {"s": "ab", "t": "a", "u": "c"}


@pytest.mark.parametrize(
    ("period", "zone", "expected"),
    [
        ("{ from: 2024-05-31, to: 2024-05-31 }", "UTC", "a"),
        ("{ from: 2024-06-01, to: 2024-06-30 }", "UTC", ""),
        ("{ from: 2024-06-01, to: 2024-06-30 }", "Europe/Berlin", "a"),
        ("{ from: 2024-05-01, to: 2024-05-31 }", "Europe/Berlin", ""),
        ("{ from: 2024-05-01, to: 2024-05-30 }", "UTC", ""),
    ],
)
def test_a_period_is_of_days_where_the_workspace_lives(period: str, zone: str, expected: str) -> None:
    """Both days are included, by the workspace's calendar."""
    assert held(person(holds="a"), segments=f"s: {{ active: {period}, who: {{ everyone: true }} }}", zone=zone) == {
        "s": expected
    }


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("  Ann@Example.COM ", "ann@example.com"),
        ("\u00a0ann\uff20example.com\u3000", "ann@example.com"),
        ("\ufeffa\u200bnn@exam\u00adple.com", "ann@example.com"),
        ("\u200b ann@example.com \u2060", "ann@example.com"),
        ("Cafe\u0301@example.com", "caf\u00e9@example.com"),
        ("A.N+n@example.com", "a.n+n@example.com"),
        ("x" * 64 + "@example.com", "x" * 64 + "@example.com"),
    ],
)
def test_an_untidy_address_is_the_tidy_one(text: str, address: str) -> None:
    """Form, case, invisible characters and surrounding white space make no difference."""
    assert identifier(text) is not None
    assert identifier(text) == identifier(address)


def test_an_address_is_sent_as_its_sha256() -> None:
    """The digest is of the UTF-8 of the tidy address, as `printf person@example.com | sha256sum` gives it."""
    assert identifier("Person@example.com") == "542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345"


@pytest.mark.parametrize(
    "text",
    [
        "", " \u00a0", "ann", "ann@", "@example.com", "ann@@example.com", "a@b@example.com", "a nn@example.com",
        "a\u2003nn@example.com", "a\x07@example.com", "x" * 65 + "@example.com", "\ufb03" * 22 + "@example.com",
        "ann@localhost", "ann@example..com", "ann@example.com.", "ann@-a.example.com", "ann@a-.example.com",
        "ann@a_b.example.com", "ann@example.c", "ann@example.123", "ann@exam ple.com", f"ann@{'d' * 64}.com",
        "x@" + ".".join(["d" * 60] * 4) + ".example.com",
    ],
)  # fmt: skip
def test_a_broken_address_has_no_identifier(text: str) -> None:
    """What cannot be an address is never sent."""
    assert identifier(text) is None

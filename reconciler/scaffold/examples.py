"""A proposal → first tests of its segments: a few made-up people with the source's own columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.scaffold.definitions import Kinds
from reconciler.scaffold.proposal import EventsProposal, Proposal
from reconciler.scaffold.write import comment, word

Story = Mapping[str, tuple[tuple[str, str], ...]]
"""What each person did: the kinds of events, with how long ago."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Teller:
    """Writes tests in the columns of one proposal."""

    proposal: Proposal
    as_of: dt.datetime

    def test(self, name: str, people: str, events: str, expected: str) -> str:
        """One test."""
        clock = f"{self.as_of.astimezone(dt.UTC):%Y-%m-%dT%H:00:00Z}"
        given = f"      customers:\n{people}" + (f"      events:\n{events}" if events else "")
        return f"  {name}:\n    as_of: {clock}\n    given:\n{given}{expected}"

    def story(self, name: str, story: Story, expected: Mapping[str, str], sent: Mapping[str, str]) -> str:
        """A test of who belongs, and who is reached by which audience, by what each person did."""
        lines = "".join(f"      {segment}: [{people}]\n" for segment, people in expected.items())
        reached = "".join(f"      audience.{key}: [{people}]\n" for key, people in sent.items())
        people = self.people(dict.fromkeys(story, ("yes", "false")))
        return self.test(name, people, self.events(story), f"    expect:\n{lines}    expect_sent:\n{reached}")

    def people(self, told: Mapping[str, tuple[str, str]]) -> str:
        """A row for each person, with whether they agreed, and whether they unsubscribed."""
        each = self.proposal.customers
        rows = []
        for number, (person, (agreed, unsubscribed)) in enumerate(told.items()):
            parts = [f"{word(each.key)}: {person}", self._identifier(person, number)]
            parts += [f"{word(each.consent)}: {agreed}"] if each.consent else []
            parts += [f"{word(each.refused)}: {unsubscribed}"] if each.refused else []
            rows.append(f"        - {{ {', '.join(parts)} }}\n")
        return "".join(rows)

    def events(self, story: Story) -> str:
        """The rows, under the name of their table where there are several."""
        rows: dict[str, list[str]] = {}
        for person, happened in story.items():
            for kind, ago in happened:
                table = next(each for each in self.proposal.events if kind in each.kinds)
                rows.setdefault(table.table.name, []).append(_row(table, person, kind, ago))
        if len(self.proposal.events) == 1:
            return "".join(f"        - {row}\n" for each in rows.values() for row in each)
        return "".join(
            f"        {word(name)}:\n" + "".join(f"          - {row}\n" for row in each) for name, each in rows.items()
        )

    def consent(self, segment: str, kind: str | None) -> str:
        """A test of who is sent: two people who differ in nothing but what they agreed to."""
        told = {"agreed": ("yes", "false"), "refused": ("no", "false")}
        events = self.events(dict.fromkeys(told, ((kind, "2d"),))) if kind else ""
        expected = f"    expect_sent:\n      {segment}: [agreed]\n"
        return self.test("only who agreed is sent", self.people(told), events, expected)

    def _identifier(self, person: str, number: int) -> str:
        each = self.proposal.customers
        if each.hashed:
            digits = 64 if each.hashed == "sha256" else 32
            return f'{word(each.emails[0])}: "{number + 10:0{digits}x}"'
        if each.emails:
            return f"{word(each.emails[0])}: {person}@example.com"
        return f'{word(each.phones[0])}: "+91987654321{number}"'


def _row(table: EventsProposal, person: str, kind: str, ago: str) -> str:
    name = f", {word(table.name)}: {word(kind)}" if table.name else ""
    return f"{{ {word(table.customer)}: {person}{name}, ago: {ago} }}"


def tests_text(proposal: Proposal, kinds: Kinds, as_of: dt.datetime) -> str:
    """The whole `tests.yaml`: every segment has somebody in it in some test."""
    teller = _Teller(proposal=proposal, as_of=as_of)
    found = [*_stories(teller, kinds)]
    if proposal.customers.refused:
        people = teller.people({"gone": ("yes", "true"), "here": ("yes", "false")})
        expected = "    expect:\n      unsubscribed: [gone]\n"
        found.append(teller.test("who unsubscribed is known", people, "", expected))
    if not any((kinds.purchase, kinds.carts, kinds.view)):
        found.append(
            teller.story("everybody belongs", {"somebody": ()}, {"everybody": "somebody"}, {"everybody": "somebody"})
        )
    if proposal.customers.consent:
        found.append(teller.consent(*_first(kinds)))
    head = comment("Made-up people, and where they belong. `reconciler test` runs them; nothing of them is sent.")
    return f"{head}version: 1\n\ntests:\n" + "\n".join(found)


def _first(kinds: Kinds) -> tuple[str, str | None]:
    """A segment that one event puts somebody into, and that event."""
    if kinds.purchase:
        return "recent-purchasers", kinds.purchase
    return ("cart-abandoners.hot", kinds.carts[0]) if kinds.carts else ("segment.everybody", None)


def _stories(teller: _Teller, kinds: Kinds) -> list[str]:
    found = []
    if kinds.carts:
        found.append(_carts(teller, kinds))
    if kinds.view:
        story: dict[str, tuple[tuple[str, str], ...]] = {
            "keen": ((kinds.view, "30h"), (kinds.view, "2h")),
            "passing": ((kinds.view, "2h"),),
        }
        if kinds.carts:
            story["further"] = ((kinds.view, "30h"), (kinds.view, "2h"), (kinds.carts[0], "1h"))
        found.append(
            teller.story("one look is no interest", story, {"keen-browsers": "keen"}, {"browse-recovery": "keen"})
        )
    if kinds.purchase:
        story = {who: ((kinds.purchase, ago),) for who, ago in (("back", "10d"), ("lapsed", "90d"), ("gone", "200d"))}
        sent = {"winback": "lapsed"}
        found.append(teller.story("lapsed is two to four months", story, {"lapsed-customers": "lapsed"}, sent))
    return found


def _carts(teller: _Teller, kinds: Kinds) -> str:
    cart = kinds.carts[0]
    story: dict[str, tuple[tuple[str, str], ...]] = {"left": ((cart, "3h"),), "hesitates": ((cart, "5d"),)}
    expected = {"cart-abandoners.hot": "left", "cart-abandoners.cold": "hesitates"}
    sent = {"cart-recovery": "left, hesitates"}
    if kinds.purchase is None:
        return teller.story("a cart grows cold", story, expected, sent)
    story["bought"] = ((cart, "3h"), (kinds.purchase, "1h"))
    return teller.story("whoever buys leaves the carts", story, {**expected, "recent-purchasers": "bought"}, sent)

"""An explanation says of everybody what membership does, and is right about when that changes."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlglot import select

from reconciler.explain.fates import Case, belongs, cases_of, reasons
from reconciler.explain.judging import NOTHING, judge
from reconciler.explain.targets import Target, asked_of, hidden_of, targets_of
from reconciler.membership.finding import FOUND
from reconciler.membership.sql import create, name, table
from reconciler.membership.study import Studied, studying
from reconciler.model.address import Address
from tests.cli.commandline import run
from tests.explain.conftest import AS_OF, Shop

SECOND = dt.timedelta(seconds=1)


def everything(shop: Shop) -> tuple[Target, ...]:
    return tuple(target for segment in shop.workspace.segments for target in targets_of(shop.workspace, segment.key))


@pytest.fixture(scope="module")
def cases(shop: Shop) -> Mapping[str, tuple[Case, ...]]:
    """What is known of everybody, by the keys of her records: one pass for all conditions of all segments."""
    targets = everything(shop)
    studied = Studied(
        settings=shop.workspace.settings,
        columns=shop.workspace.columns,
        as_of=AS_OF,
        hidden=hidden_of(targets),
        segments=asked_of(targets),
    )
    with studying(studied) as study:
        study.engine.run(create(FOUND, select(name("k")).from_(table("customers"))))
        by_person = cases_of(study, AS_OF)
        return {each.key: (by_person[each.person],) for each in study.standings(FOUND)}


@pytest.fixture(scope="module")
def members(shop: Shop) -> Mapping[Address, frozenset[str]]:
    return shop.members(AS_OF)


def test_everybody_is_in_where_membership_has_her_and_nowhere_else(
    shop: Shop, cases: Mapping[str, tuple[Case, ...]], members: Mapping[Address, frozenset[str]]
) -> None:
    """In ⇔ in, for every customer of the shop and every list of the sample."""
    assert set(cases) == set(shop.emails)
    published = [each for each in everything(shop) if each.segment.publish]
    wrong = [
        (target.address, key)
        for target in published
        for key, (case,) in cases.items()
        if belongs(target, _sent(case), case.standing.meets) != (shop.sent(key) in members[target.address])
    ]

    assert wrong == []
    assert {each.address for each in published} == set(members)
    assert sum(map(bool, members.values())) >= len(published) - 2


def _sent(case: Case) -> frozenset[Address]:
    return frozenset(address for each in case.identifiers for address in each.sent_to)


def test_whoever_is_out_is_told_why(shop: Shop, cases: Mapping[str, tuple[Case, ...]]) -> None:
    """Everybody who is not on a list has a reason, and of those who are, only what is not their own doing is told."""
    for target in everything(shop):
        for (case,) in cases.values():
            judged = judge(target.clause, case.standing.meets, lambda _: NOTHING)
            inside = belongs(target, _sent(case), case.standing.meets)
            told = list(reasons(target, case, judged, shop.workspace.settings, belongs=inside))
            assert bool(told) != inside or "somebody does who holds the same identifier" in told[0]


def test_what_decides_is_what_the_verdict_hangs_on(shop: Shop, cases: Mapping[str, tuple[Case, ...]]) -> None:
    """Where the conditions fail, some leaf decides; where a `none` keeps somebody out, what holds in it does."""
    for target in everything(shop):
        for (case,) in cases.values():
            judged = judge(target.clause, case.standing.meets, lambda _: NOTHING)
            assert any(each.decides and not each.children for each in judged.walk())


def explained(shop: Shop, what: str, key: str, as_of: dt.datetime = AS_OF) -> list[dict[str, Any]]:
    ran = run("-w", shop.root, "explain", what, "--key", key, "--as-of", as_of.isoformat(), "--format", "json")
    assert ran.code == 0, ran.stderr
    (person,) = json.loads(ran.stdout)["people"]
    lists: list[dict[str, Any]] = person["lists"]
    return lists


TURNING = ("segment.cart-abandoners.warm", "segment.club-renewals", "segment.second-lookers")
"""A window of events, one of days to come, and one of counts; EXPLAIN_LISTS=all looks at every list."""


def one_of_each(shop: Shop, members: Mapping[Address, frozenset[str]]) -> Iterator[tuple[Address, str]]:
    """A member of some lists, another one for each."""
    used: set[str] = set()
    for address, sent in members.items():
        if address not in TURNING and os.environ.get("EXPLAIN_LISTS") != "all":
            continue
        key = next((key for key in shop.emails if shop.sent(key) in sent and key not in used), None)
        if key is not None:
            used.add(key)
            yield address, key


def test_somebody_leaves_to_the_second_when_it_was_said(shop: Shop, members: Mapping[Address, frozenset[str]]) -> None:
    """For a member of each list: at "leaves at" a plan has her no more, and a second before it still does; since
    "entered" it has her, and not a second before.
    """
    told = 0
    for address, key in one_of_each(shop, members):
        segment = address.split(".")[1]
        (standing,) = [each for each in explained(shop, segment, key) if each["address"] == address]
        assert standing["in"] is True
        for turn, (before, after) in (("leaves", (True, False)), ("entered", (False, True))):
            if standing[turn] is None:
                continue
            told += 1
            at = dt.datetime.fromisoformat(standing[turn]["at"])
            assert standing[turn]["why"]
            seen = [shop.sent(key) in shop.members(when, [segment])[address] for when in (at - SECOND, at)]
            assert seen == [before, after], (address, turn, at)
    assert told >= 5


def test_somebody_stays_of_whom_no_leaving_is_told(shop: Shop, members: Mapping[Address, frozenset[str]]) -> None:
    """Who is on a list by an attribute alone is on it a century later."""
    key = next(key for key in shop.emails if shop.sent(key) in members[Address("segment.unsubscribed")])
    (standing,) = explained(shop, "unsubscribed", key)

    assert standing["leaves"] is None
    assert shop.sent(key) in shop.members(AS_OF.replace(year=2126), ["unsubscribed"])[Address("segment.unsubscribed")]


def test_by_address_as_by_key(shop: Shop, members: Mapping[Address, frozenset[str]]) -> None:
    """The address finds the customer as it was typed or in another spelling, and by its digest; none is repeated."""
    key = next(key for key in shop.emails if shop.sent(key) in members[Address("segment.recent-purchasers")])
    email, digest = shop.emails[key], shop.sent(key)
    by_key = explained(shop, "recent-purchasers", key)
    for option, value in (("--email", email), ("--email", f" {email.upper()} "), ("--identifier", f"email={digest}")):
        ran = run(
            "-w",
            shop.root,
            "explain",
            "recent-purchasers",
            option,
            value,
            "--as-of",
            AS_OF.isoformat(),
            "--format",
            "json",
        )
        assert json.loads(ran.stdout)["people"][0]["lists"] == by_key
        assert email.strip().casefold() not in ran.said.casefold()
        assert digest is not None
        assert digest not in ran.said

"""Tables as they are in Postgres: keys, kinds, numbers, times and lists in the types that people give them."""

from __future__ import annotations

import pytest

from tests.engines.postgres.flows import PostgresShop

TABLES = """
    create schema shop;
    create type shop.tier as enum ('gold', 'Silver');
    create type shop.kind as enum ('purchase', 'page_viewed');
    create table shop.customers (
        id uuid, email varchar(200) collate "en-x-icu", tier shop.tier, tags text[], extra jsonb, score numeric, ratio float8,
        code char(4), since date, consent boolean
    );
    create table shop.events (
        id uuid, kind shop.kind, at timestamptz, amount numeric, share real, items jsonb, coupon varchar(10)
    );
    insert into shop.customers values
        ('00000000-0000-0000-0000-00000000000a', ' Ann@Example.com', 'gold', '{new,vip}', '{"a": 1}', 1.5, 'NaN', 'ab', '2026-01-01', true),
        ('00000000-0000-0000-0000-00000000000b', 'bob@example.com', 'Silver', '{}', '"x"', 'NaN', 0.1, 'abcd', 'infinity', true),
        ('00000000-0000-0000-0000-00000000000c', 'cid@example.com', null, null, '["x", 7]', 1e30, 'Infinity', null, '-infinity', true),
        ('00000000-0000-0000-0000-00000000000d', 'dee@example.com', 'gold', '{null," "}', 'null', 2, 1, 'ab', null, null);
    insert into shop.events values
        ('00000000-0000-0000-0000-00000000000a', 'purchase', '2026-11-21 17:00+00', 10, 0.1, '["p"]', 'X'),
        ('00000000-0000-0000-0000-00000000000a', 'purchase', '2026-11-21 17:30+00', 'NaN', 'NaN', '[]', ' '),
        ('00000000-0000-0000-0000-00000000000b', 'page_viewed', '-infinity', null, null, null, null),
        ('00000000-0000-0000-0000-00000000000c', 'purchase', 'infinity', 5, 5, '"p"', 'x'),
        ('00000000-0000-0000-0000-00000000000c', 'page_viewed', '2026-11-21 20:00+02', 5, 5, 'null', 'x'),
        (null, 'purchase', '2026-11-21 17:00+00', 5, 5, null, null);
"""  # noqa: E501 - rows
SOURCE = {
    "engine": "postgres",
    "schema": "ours",
    "customers": {
        "table": "shop.customers",
        "key": "id",
        "identifiers": {"email": "email"},
        "consent": {"column": "consent"},
    },
    "events": {"table": "shop.events", "customer": "id", "name": "kind", "time": "at"},
}
WHO = {
    "attribute: tier, is: gold": "a",
    "attribute: tier, at_least: a": "a",
    "attribute: tags, is: vip": "a",
    "attribute: tags, exists: false": "bc",
    "attribute: extra, is: x": "bc",
    "attribute: extra, is: 7": "c",
    "attribute: score, at_least: 1": "a",
    "attribute: score, exists: true": "abc",
    "attribute: ratio, is: 0.1": "b",
    "attribute: code, is: ab": "a",
    "attribute: since, older_than: 30d": "ac",
    "attribute: since, within: 365d": "a",
    "attribute: email, contains: Ann": "a",
    "event: purchase": "a",
    "event: page_viewed": "bc",
    "event: page_viewed, latest: true, within: 1h": "c",
    "event: page_viewed, times: { at_least: 1 }, within: 365d..": "b",
    "event: purchase, total: { of: amount, at_least: 10 }": "a",
    "event: purchase, total: { of: share, is: 0.1 }": "a",
    "event: purchase, where: { items: p }": "a",
    "event: purchase, where: { coupon: X }": "a",
    "event: purchase, where: { coupon: { exists: false } }": "a",
    "event: [purchase, page_viewed], first: true": "abc",
}


@pytest.fixture
def typed(shop: PostgresShop) -> PostgresShop:
    """A shop whose tables were not made for us."""
    shop.asks(TABLES)
    shop.tables_stay = True
    shop.settings["source"] = SOURCE
    return shop


def test_columns_are_read_as_what_they_are(typed: PostgresShop) -> None:
    """Enumerations, arrays, JSON, padded text, numbers without size, and what is not a number or not a time."""
    segments = "".join(f"  s{n}: {{ who: {{ {who} }} }}\n" for n, who in enumerate(WHO))
    typed.definitions = f"segments:\n{segments}"

    typed.apply()

    names = {"a": "ann", "b": "bob", "c": "cid"}
    typed.know(*names.values())
    found = {who: typed.members(f"s{n}") for n, who in enumerate(WHO)}
    assert found == {who: {names[each] for each in expected} for who, expected in WHO.items()}


def test_a_second_plan_is_empty(typed: PostgresShop) -> None:
    """Also over times that no calendar has."""
    typed.definitions = "segments: { viewers: { who: { event: page_viewed, within: 0h.. } } }\n"

    typed.apply()

    assert typed.run("plan", "--detailed-exitcode", "--include-members").code == 0

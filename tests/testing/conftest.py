"""A small workspace with tests of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.commandline import Ran, run

SETTINGS = """\
version: 1
workspace: acme-retention
advertiser: "42"
source:
  customers:
    table: customers.csv
    key: customer_id
    identifiers: { email: email, phoneNumber: { columns: [phone], region: FR } }
    consent: { column: consent }
  events:
    - { table: events.csv, customer: customer_id, name: event, time: at, identifiers: { email: order_email } }
    - { table: orders.csv, customer: buyer, name: { is: purchase }, time: ordered }
always_exclude: [unsubscribed]
"""
DEFINITIONS = """\
version: 1
windows: { hot: 4h, warm: 4h..24h }
segments:
  carts:
    slices: [hot, warm]
    who:
      all: [ { event: cart_added, latest: true, within: slice, not_followed_by: purchase } ]
      none: [ { attribute: tags, is: blocked } ]
  winter: { who: { attribute: tier, is: gold }, active: { from: 2026-12-01 } }
  unsubscribed: { who: { attribute: unsubscribed, is: true }, purpose: suppression, reason: They asked us to }
  lookers: { who: { event: product_viewed, within: 3d } }
  interested: { publish: false, who: { any: [ { segment: carts }, { segment: lookers } ] } }
audiences:
  carts: { include: [carts.hot], exclude: [lookers] }
  later: { include: [lookers], active: { from: 2026-12-01 } }
"""
PEOPLE = """\
      customers:
        - { customer_id: ann, email: Ann@Example.com, consent: yes, tier: gold, tags: [], unsubscribed: false }
        - { customer_id: bob, email: bob@example.com, consent: no }
        - { customer_id: cem, email: broken, consent: yes }
        - { customer_id: dee, email: ann@example.com, consent: yes }
        - { customer_id: eva, phone: 0199001234, consent: yes, unsubscribed: true }
        - { customer_id: fox, email: "föx@example.com", phone: 0199001234, consent: yes, tags: [new, blocked] }
"""

Tester = Callable[..., Ran]


@pytest.fixture
def tester(tmp_path: Path) -> Tester:
    """Run `reconciler test` on a workspace with these tests, each named by its first line."""

    def test(
        *tests: str, definitions: str = DEFINITIONS, settings: str = SETTINGS, options: tuple[str, ...] = ()
    ) -> Ran:
        root = tmp_path / "workspace"
        root.mkdir(exist_ok=True)
        named = "".join(
            f"  test {number}:\n    as_of: 2026-11-21T18:00:00Z\n{text}" for number, text in enumerate(tests)
        )
        (root / "reconciler.yaml").write_text(settings, encoding="utf-8")
        (root / "definitions.yaml").write_text(definitions, encoding="utf-8")
        (root / "tests.yaml").write_text(f"version: 1\ntests:\n{named}" if tests else "version: 1\n", encoding="utf-8")
        return run("-w", root, "test", *options)

    return test


def events(*rows: str, orders: tuple[str, ...] = ()) -> str:
    """`events` of both tables, from `KEY KIND AGE`."""
    told = (row.split() for row in rows)
    lines = [f"          - {{ customer_id: {who}, event: {kind}, ago: {age} }}\n" for who, kind, age in told]
    bought = [f"          - {{ buyer: {row.split()[0]}, ago: {row.split()[1]} }}\n" for row in orders]
    text = "      events:\n"
    text += "        events.csv:\n" + "".join(lines) if lines else "        events.csv: []\n"
    return text + ("        orders.csv:\n" + "".join(bought) if bought else "")

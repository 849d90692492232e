"""A small shop in which every way into a list and out of it occurs, and explanations of it as JSON."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.cli.commandline import AS_OF, ROOT, run, write_csv

NOW = dt.datetime.fromisoformat(AS_OF)
SETTINGS = """\
version: 1
workspace: explained
advertiser: "42"
source:
  customers:
    table: customers.csv
    key: customer_id
    identifiers: { email: email, phoneNumber: { columns: [phone], region: FR } }
    consent: { column: consent }
  events: { table: events.csv, customer: customer_id, name: event, time: occurred_at }
"""
DEFINITIONS = """\
version: 1
windows: { hot: 0h..4h, warm: 4h..24h }
segments:
  carts:
    name: Carts
    description: Left something
    slices: [hot, warm]
    who:
      all:
        - event: cart_added
          where: { note: { exists: true } }
          latest: true
          within: slice
          not_followed_by: purchase
      none:
        - segment: helped
        - { attribute: staff, is: true }
  helped:
    publish: false
    who:
      any:
        - { event: ticket, times: { at_least: 2 }, within: 7d }
        - { attribute: contact, contains: "@" }
  buyers:
    purpose: suppression
    reason: They bought
    who: { event: purchase, within: 7d }
  autumn:
    who: { attribute: tier, is: [gold, silver] }
    active: { from: 2026-11-01, to: 2026-11-25 }
audiences:
  recovery: { include: [carts.hot, carts.warm], exclude: [buyers], ad_sets: ["700123"] }
  autumn: { include: [autumn] }
"""
SECRETS = ("secret.ann", "secret.bob", "shared.box", "612345678", "hidden.note", "98765432")


def customer(key: str, email: str = "", phone: str = "", consent: str = "yes", **more: str) -> dict[str, str]:
    return {"customer_id": key, "email": email, "phone": phone, "consent": consent, **more}


def did(key: str, event: str, hours: float, note: str = "") -> dict[str, str]:
    at = (NOW - dt.timedelta(hours=hours)).isoformat()
    return {"customer_id": key, "event": event, "occurred_at": at, "note": note}


def write(tmp_path: Path) -> Path:
    (tmp_path / "reconciler.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "definitions.yaml").write_text(DEFINITIONS, encoding="utf-8")
    customers = [
        customer("c-ann", "Secret.Ann@example.com", "06 12 34 56 78", staff="no", tier="gold", contact=""),
        customer("c-bob", "secret.bob@example.com", consent="no", staff="no", tier="tin"),
        customer("c-cat", "shared.box@example.com", staff="no"),
        customer("c-dan", "shared.box@example.com", staff="yes", contact="secret.bob@example.com"),
        customer("c-eve", "no address", "12", staff="no"),
        customer("c-fay", "fay@example.org", staff="no"),
    ]
    events = [
        *(did(key, "cart_added", 3, "call 98765432 or hidden.note@example.com") for key in ("c-ann", "c-bob", "c-cat")),
        *(did(key, "cart_added", 2.5, "plain") for key in ("c-dan", "c-eve", "c-fay")),
        did("c-fay", "purchase", 1),
        *(did("c-fay", "ticket", hours) for hours in (30, 31, 32, 33, 34, 35, 36)),
    ]
    write_csv(tmp_path / "customers.csv", customers)
    write_csv(tmp_path / "events.csv", events)
    return tmp_path


@cache
def explain(workspace: Path, *words: str, as_of: str = AS_OF) -> Any:
    """What it answers as JSON, held against its schema and searched for what nobody may see."""
    ran = run("-w", workspace, "explain", *words, "--as-of", as_of, "--format", "json")
    assert ran.code == 0, ran.stderr
    assert [secret for secret in SECRETS if secret.casefold() in ran.said.casefold()] == []
    told = json.loads(ran.stdout)
    schema = json.loads((ROOT / "schemas" / "explain.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(told)
    return told


def of(told: Any, address: str) -> Any:
    return next(each for person in told["people"] for each in person["lists"] if each["address"] == address)

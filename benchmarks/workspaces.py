"""The workspaces that are measured, over `data/customers.parquet` and `data/events.parquet` of one clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

SETTINGS = """version: 1
workspace: bench
advertiser: "42"
source:
  engine: duckdb
  customers: { table: data/customers.parquet, key: customer_id, identifiers: { email: email } }
  events: { table: data/events.parquet, customer: customer_id, name: event, time: occurred_at }
state: .reconciler
"""
NONE = "      none: [ { event: purchase, within: 24h }, { attribute: unsubscribed, is: true } ]\n"
HOURS = 8


def write_windows(folder: Path, segments: int) -> None:
    """Windows of eight hours, one after the other, without buyers of the last day and without who unsubscribed."""
    _write(folder, [_windowed(number) for number in range(segments)])


def _windowed(number: int) -> str:
    return f"      all: [ {{ event: cart_added, within: {number * HOURS}h..{(number + 1) * HOURS}h }} ]\n" + NONE


def write_mixed(folder: Path) -> None:
    """A hundred segments of all kinds: what a retention team asks, each a little different."""
    made = [body(number) for body, count in _MIX for number in range(count)]
    _write(folder, made)


def write_many(folder: Path, files: int) -> None:
    """So many files of three segments and an audience each, and one with what they share."""
    (folder / "reconciler.yaml").write_text(SETTINGS, encoding="utf-8")
    shared = "windows: { hot: 4h, warm: 4h..24h }\nsegments: { buyers: { who: { event: purchase } } }\n"
    (folder / "shared.yaml").write_text("version: 1\n" + shared, encoding="utf-8")
    for number in range(files):
        (folder / f"{number}.yaml").write_text(_FILE.replace("NUMBER", str(number)), encoding="utf-8")


def _write(folder: Path, bodies: list[str]) -> None:
    (folder / "reconciler.yaml").write_text(SETTINGS, encoding="utf-8")
    segments = "".join(f"  w{number}:\n    who:\n{body}" for number, body in enumerate(bodies))
    (folder / "segments.yaml").write_text("version: 1\nsegments:\n" + segments, encoding="utf-8")


def _abandoned(number: int) -> str:
    window = f"{number * 2}d..{number * 2 + 2}d"
    return f"      all: [ {{ event: cart_added, latest: true, within: {window}, not_followed_by: purchase }} ]\n" + NONE


def _first(number: int) -> str:
    return f"      all: [ {{ event: purchase, first: true, within: {number * 10}d..{number * 10 + 10}d }} ]\n" + NONE


def _sequence(number: int) -> str:
    follow = f"followed_by: {{ event: cart_added, within: {number + 1}d }}"
    return f"      all: [ {{ event: product_viewed, latest: true, within: 30d, {follow} }} ]\n" + NONE


def _counted(number: int) -> str:
    least, days = number % 3 + 2, 7 * (number // 3 + 1)
    return f"      all: [ {{ event: product_viewed, times: {{ at_least: {least} }}, within: {days}d }} ]\n" + NONE


def _spent(number: int) -> str:
    total = f"total: {{ of: amount, at_least: {100 * (number + 1)} }}"
    return f"      all: [ {{ event: purchase, {total}, within: {30 * (number % 3 + 1)}d }} ]\n" + NONE


def _dear(number: int) -> str:
    amount = f"where: {{ amount: {{ at_least: {20 * number} }} }}"
    return f"      all: [ {{ event: purchase, within: {10 * (number + 1)}d, {amount} }} ]\n" + NONE


def _very_important(number: int) -> str:
    last = f"{{ event: purchase, latest: true, within: {number}d..{number + 20}d }}"
    return f"      all: [ {{ attribute: vip, is: true }}, {last} ]\n" + NONE


def _nested(number: int) -> str:
    return f"      all: [ {{ segment: w{number} }} ]\n      none: [ {{ segment: w{41 + number} }} ]\n"


_MIX: tuple[tuple[Callable[[int], str], int], ...] = (
    (_windowed, 41),
    (_abandoned, 12),
    (_first, 4),
    (_sequence, 4),
    (_counted, 15),
    (_spent, 5),
    (_dear, 4),
    (_very_important, 7),
    (_nested, 8),
)
"""What the mixed workspace holds, and how many of each: a hundred in all."""

_FILE = """version: 1
segments:
  carts-NUMBER:
    name: Carts NUMBER
    description: Put something in the cart and has not bought since
    owner: retention
    slices: [hot, warm]
    who:
      all:
        - { event: [cart_added, checkout_started], latest: true, within: slice, not_followed_by: purchase }
        - { event: purchase, times: { at_least: 2 } }
      none:
        - segment: buyers
  winback-NUMBER:
    name: Winback NUMBER
    owner: retention
    who:
      all:
        - { event: purchase, latest: true, within: 60d..120d }
        - { event: purchase, total: { of: amount, at_least: 100 } }
        - { attribute: tier, is: vip }
  browsers-NUMBER:
    name: Browsers NUMBER
    owner: retention
    who:
      all: [ { event: product_viewed, times: { at_least: 2 }, within: 3d } ]
      none: [ { event: cart_added, within: 3d, where: { coupon: { exists: true } } } ]
audiences:
  carts-NUMBER: { include: [carts-NUMBER.hot], exclude: [buyers], ad_sets: ["NUMBER"] }
"""

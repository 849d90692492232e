"""Conditions of every kind, and how the compiler reads each of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from reconciler.config.load import load
from reconciler.explain.sentences import sentence
from reconciler.model.conditions import Condition, Group
from tests.conftest import SETTINGS

EXAMPLES = (
    "{ event: purchase }",
    "{ event: [cart_added, checkout_started], within: 24h }",
    "{ event: purchase, within: 4h..24h }",
    "{ event: purchase, within: hot }",
    "{ event: purchase, where: { coupon: { exists: true }, category: [refill, gift] }, within: 30d }",
    "{ event: product_viewed, times: { at_least: 3 }, within: 3d }",
    "{ event: product_viewed, times: { at_least: 3, same: product_id }, within: 7d }",
    "{ event: purchase, times: { is: [1, 2] } }",
    "{ event: purchase, times: { not: 0, at_most: 5 } }",
    "{ event: purchase, times: { more_than: 1, less_than: 10 } }",
    "{ event: purchase, latest: true, within: 60d..120d }",
    "{ event: cart_added, latest: true, within: 24h, not_followed_by: [purchase, refund] }",
    "{ event: purchase, first: true, followed_by: { event: purchase, within: 30d } }",
    "{ event: purchase, total: { of: amount, at_least: 100 }, within: 365d }",
    "{ event: purchase, total: { of: amount, measure: average, more_than: 80 } }",
    "{ event: purchase, total: { of: amount, measure: smallest, at_most: 20 } }",
    "{ event: purchase, total: { of: amount, measure: largest, less_than: 500 } }",
    "{ event: purchase, total: { of: category, measure: distinct, is: 3, not: 4 } }",
    "{ attribute: tier, is: [gold, vip] }",
    "{ attribute: unsubscribed, is: true }",
    "{ attribute: country, not: FR }",
    "{ attribute: orders, at_least: 1, less_than: 20 }",
    "{ attribute: orders, more_than: 0, at_most: 3 }",
    "{ attribute: postcode, starts_with: '75' }",
    "{ attribute: interests, contains: shoe }",
    "{ attribute: phone, exists: false }",
    "{ attribute: last_login, within: 30d }",
    "{ attribute: joined_on, older_than: 365d }",
    "{ attribute: renews_on, in_next: 14d }",
    "{ ratio: { of: { event: returned, within: 365d }, to: { event: purchase, within: 365d }, at_most: 0.3 } }",
    "{ ratio: { of: { event: a, total: { of: saved } }, to: { event: a, total: { of: amount } }, more_than: 0.5 } }",
    "{ ratio: { of: { event: opened, where: { device: phone } }, to: { event: sent }, at_least: 0.1, less_than: 1 } }",
    "{ ratio: { of: { event: opened }, to: { event: sent }, is: [0.5, 0.25], not: 1 } }",
    "{ segment: suppressed }",
    "{ segment: carts.hot }",
    "{ everyone: true }",
    "{ sample: { percent: 10, seed: winter-2026 } }",
    "{ query: lookers.sql }",
    "{ keys: panel.csv }",
    "{ all: [{ event: purchase }], none: [{ segment: suppressed }] }",
    "{ any: [{ attribute: tier, is: vip }, { event: purchase, within: 7d }] }",
)
"""Conditions in one line; together they have every key that a condition may have."""

_OTHERS = """
windows: { hot: 0h..4h }
segments:
  suppressed: { publish: false, who: { attribute: unsubscribed, is: true } }
  carts: { slices: [hot], who: { event: cart_added, latest: true, within: slice } }
"""


def read() -> dict[str, str]:
    """What the compiler makes of each example, in plain English."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "reconciler.yaml").write_text(f"{SETTINGS}{_OTHERS}", encoding="utf-8")
        (root / "lookers.sql").write_text("SELECT customer_id FROM events\n", encoding="utf-8")
        (root / "panel.csv").write_text("customer_id\n", encoding="utf-8")
        lines = [f"  example-{number:03d}: {{ who: {each} }}" for number, each in enumerate(EXAMPLES)]
        (root / "examples.yaml").write_text("\n".join(["version: 1", "segments:", *lines, ""]), encoding="utf-8")
        segments = {segment.key: segment.condition for segment in load(root).segments}
    return {each: _told(segments[f"example-{number:03d}"]) for number, each in enumerate(EXAMPLES)}


def _told(condition: Condition) -> str:
    if not isinstance(condition, Group):
        return sentence(condition)
    parts = (f"{role}: {', '.join(map(_told, getattr(condition, role)))}" for role in ("all", "any", "none"))
    return f"{sentence(condition)} ({'; '.join(part for part in parts if not part.endswith(': '))})"

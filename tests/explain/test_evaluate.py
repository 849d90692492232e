"""What holds for whom, condition by condition, asked of the compiler that plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reconciler.config.load import load
from reconciler.explain.conditions import clauses_of
from reconciler.explain.evaluate import evaluate
from tests.cli.commandline import write_csv
from tests.conftest import Writer

AS_OF = dt.datetime(2026, 11, 21, 18, tzinfo=dt.UTC)
CARTS = """\
windows: { hot: 0h..4h, warm: 4h..24h }
segments:
  carts:
    slices: [hot, warm]
    who:
      all:
        - { event: cart_added, latest: true, within: slice, not_followed_by: purchase }
        - any:
            - { attribute: country, is: FR }
            - { sample: { percent: 100, seed: all } }
      none:
        - segment: buyers
  buyers:
    publish: false
    who:
      all: [ { everyone: true } ]
      none: [ { event: purchase, times: 0, within: 7d } ]
"""


def shop(root: Path, customers: Sequence[Mapping[str, Any]], events: Mapping[str, list[tuple[str, float]]]) -> Path:
    """Customers with an address, and what each did so many hours ago."""
    rows = [
        {"customer_id": key, "event": kind, "occurred_at": (AS_OF - dt.timedelta(hours=hours)).isoformat()}
        for key, done in events.items()
        for kind, hours in done
    ]
    write_csv(root / "customers.csv", [{"email": f"{each['customer_id']}@example.com", **each} for each in customers])
    write_csv(root / "events.csv", [{"customer_id": "0", "event": "purchase", "occurred_at": AS_OF.isoformat()}, *rows])
    return root


def test_each_condition_by_itself_holds_for_whom_it_holds(write_workspace: Writer) -> None:
    """Leaves, groups and referred segments are true or false each by itself, whatever stands around them."""
    people = [{"customer_id": "1", "country": "FR"}, {"customer_id": "2", "country": "DE"}]
    events = {"1": [("cart_added", 3.0)], "2": [("cart_added", 1.0), ("purchase", 0.5)]}
    workspace = load(shop(write_workspace(CARTS), people, events))
    tree = clauses_of(workspace, "carts", "hot")

    truths = evaluate(workspace.settings, workspace.columns, [tree], AS_OF)

    told = {each.path.removeprefix("segments."): [truths.holds(key, each) for key in "12"] for each in tree.walk()}
    assert told == {
        "carts.who": [True, False],
        "carts.who.all[0]": [True, False],
        "carts.who.all[1]": [True, True],
        "carts.who.all[1].any[0]": [True, False],
        "carts.who.all[1].any[1]": [True, True],
        "carts.who.none[0]": [False, True],
        "buyers.who.all[0]": [True, True],
        "buyers.who.none[0]": [True, False],
    }


def test_several_trees_are_evaluated_in_one_pass(write_workspace: Writer) -> None:
    """All slices, and the segment as a whole, come out of one evaluation; nobody who is not there holds anything."""
    people = [{"customer_id": "1", "country": "FR"}, {"customer_id": "2", "country": "DE"}]
    workspace = load(shop(write_workspace(CARTS), people, {"1": [("cart_added", 5.0)], "2": [("cart_added", 1.0)]}))
    hot, warm, whole = (clauses_of(workspace, "carts", part) for part in ("hot", "warm", None))

    truths = evaluate(workspace.settings, workspace.columns, [hot, warm, whole], AS_OF)

    assert [[truths.holds(key, tree) for key in "123"] for tree in (hot, warm, whole)] == [
        [False, True, False],
        [True, False, False],
        [True, True, False],
    ]


def test_records_of_one_person_share_what_holds(write_workspace: Writer) -> None:
    """A condition is asked of the person: each of her records tells the same."""
    same = {"email": "ann@example.com"}
    people = [{"customer_id": "1", "country": "FR", **same}, {"customer_id": "2", "country": "DE", **same}]
    root = shop(write_workspace(CARTS), people, {"2": [("cart_added", 1.0)]})
    settings = root / "reconciler.yaml"
    identifiers = "identifiers: { email: email }"
    settings.write_text(settings.read_text().replace(identifiers, f"{identifiers}, same_person: email"))
    workspace = load(root)
    tree = clauses_of(workspace, "carts", "hot")

    truths = evaluate(workspace.settings, workspace.columns, [tree], AS_OF)

    assert truths.holds("1", tree)
    assert truths.met["1"] == truths.met["2"]

"""A workspace with `engine: spark`, through the command line, on the pretend Criteo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.flows import MISSPELT, criteo, explained, fill, misspell, told
from tests.engines.spark.flows import SparkShop
from tests.flows.shop import names


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str) -> Iterator[SparkShop]:
    """A shop in Spark and an emulator behind a socket; who did what is said already."""
    with criteo(monkeypatch, SPARK_REMOTE=server) as (url, caller):
        (tmp_path / "workspace").mkdir()
        made = SparkShop(root=tmp_path / "workspace", url=url, criteo=caller, server=server)
        fill(made)
        yield made
        made.asks("drop schema if exists ours cascade")


def test_members_are_filled_stay_and_move(shop: SparkShop) -> None:
    """Plan, apply, a second plan that finds nothing; after a purchase sync moves who bought, and the ledger follows.
    What its tables were made from rests beside them, so that an older state can be put back.
    """
    first = shop.plan()
    shop.apply()

    assert first["summary"]["add"] == 2
    assert shop.members("buyers") == set(names("buyer", 3))
    assert shop.members("carts") == set(names("cart", 4))
    assert shop.run("plan", "--detailed-exitcode", "--include-members").code == 0

    for number in range(3):
        shop.event(f"cart{number}", "purchase", "0m")
        shop.sync()

    assert shop.members("carts") == {"cart3"}
    assert shop.members("buyers") == {*names("buyer", 3), "cart0", "cart1", "cart2"}
    assert shop.run("plan", "--detailed-exitcode", "--include-members").code == 0
    receipts = [json.loads(path.read_text()) for path in (shop.state / "ledger").iterdir()]
    known = {entry.split(" ")[0] for each in receipts for entry in [each["table"], *each["earlier"]]}
    assert {f"ours.{row[1]}" for row in shop.asks("show tables in ours")} == known


HARM = {
    "missing": ("drop table {0}",),
    "longer": ("insert into {0} select * from {0} limit 1",),
    "changed": ("create table ours.copy as select * from {0}", "insert overwrite {0} select h, i, 0L from ours.copy"),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_ledger_that_is_not_what_was_written_is_refused(shop: SparkShop, harm: str) -> None:
    """The state keeps a receipt alone. With its table missing, longer or changed: exit 4, its name, nothing sent."""
    shop.apply()
    (receipt,) = [json.loads(path.read_text()) for path in (shop.state / "ledger").iterdir()]
    assert (receipt["engine"], receipt["rows"]) == ("spark", 7)
    for statement in HARM[harm]:
        shop.asks(statement.format(receipt["table"]))
    before = shop.asked()

    done = shop.run("plan")

    assert done.code == 4
    assert receipt["table"] in done.err
    assert shop.writes(before) == []


def test_a_server_that_is_not_there_is_named_by_its_variable(shop: SparkShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which server it was stays unsaid: the URL may hold a token."""
    monkeypatch.setenv("SPARK_REMOTE", "sc://127.0.0.1:9/;token=hush")
    monkeypatch.setattr("reconciler.membership.spark.connection.PATIENCE", 1)

    done = shop.run("plan")

    assert done.code == 78
    assert "SPARK_REMOTE" in done.err
    assert "hush" not in done.err + done.out


def test_a_table_that_is_not_there_is_named_with_its_place(shop: SparkShop) -> None:
    """Exit 78, file and line, and not a word of Spark's."""
    shop.settings["source"]["events"]["table"] = "shop.no_such"

    done = shop.run("plan")

    assert done.code == 78
    assert "reconciler.yaml:" in done.err
    assert "`shop.no_such`" in done.err
    assert "TABLE_OR_VIEW" not in done.err


def test_what_never_occurs_is_told_before_anything_is_planned(shop: SparkShop) -> None:
    """`validate --data` looks for kinds and values in Spark, and needs no Criteo."""
    misspell(shop)
    before = shop.asked()

    done = shop.run("validate", "--data", at=None)

    assert done.code == 78
    assert told(done.err) == MISSPELT
    assert shop.asked() == before


def test_somebody_is_explained(shop: SparkShop) -> None:
    """By the address in any spelling, two records as one person, with the instants at which she comes and goes."""
    explained(shop)

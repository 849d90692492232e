"""Engines that are extras, where they are not installed."""

from __future__ import annotations

import sys

import pytest

from tests.flows.shop import Shop


@pytest.mark.parametrize(("engine", "library"), [("postgres", "psycopg"), ("spark", "pyspark")])
def test_an_engine_that_is_not_installed(
    engine: str, library: str, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 78, with the one command that installs what is missing; nothing is asked of Criteo but to read."""
    for module in [*sys.modules]:
        if module == library or module.startswith((f"{library}.", f"reconciler.membership.{engine}.")):
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, library, None)
    shop.settings["source"] = {
        "engine": engine,
        "customers": {"table": "shop.customers", "key": "customer_id", "identifiers": {"email": "email"}},
    }
    shop.definitions = "segments: { everybody: { who: { all: [ { everyone: true } ] } } }\n"

    done = shop.run("plan")

    assert done.code == 78
    assert f"`engine: {engine}`" in done.err
    assert f"pip install 'reconciler[{engine}]'" in done.err
    assert shop.writes() == []

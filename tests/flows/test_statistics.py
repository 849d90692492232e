"""Criteo's counts of the lists: asked for in turn by sync, within its share of the rate, and kept with their age."""

from __future__ import annotations

import json

import pytest

from reconciler.emulator.switches import Switches
from tests.flows.conftest import Opener
from tests.flows.shop import NOW, STATISTICS, Document, Done, Shop, span

HOUR = 3600


def with_lists(shop: Shop, count: int) -> Shop:
    """So many lists of one buyer each."""
    shop.customer("ann")
    shop.event("ann", "purchase", "2h")
    lists = [f"  s{number:02}: {{ who: {{ event: purchase, within: {number + 1}d }} }}\n" for number in range(count)]
    shop.definitions = f"segments:\n{''.join(lists)}"
    shop.apply()
    return shop


@pytest.fixture
def small_shop(open_shop: Opener) -> Shop:
    """One list of a hundred, of whom Criteo will know 64."""
    shop = open_shop(switches=Switches(match_rate=0.64, counters="after_runs", computable_sizes="all"))
    shop.people([f"buyer{number}" for number in range(100)], "purchase", "2h")
    shop.definitions = "segments: { buyers: { name: Buyers, who: { event: purchase, within: 7d } } }\n"
    shop.apply()
    return shop


def kept(shop: Shop) -> Document:
    """The counts as kept."""
    found: Document = json.loads((shop.state / "statistics.json").read_text())
    return found


def asked_for(shop: Shop, after: int) -> set[str]:
    """The ids of the lists whose counts were asked for."""
    return {segment for each in shop.requests(after, STATISTICS) for segment in each["segment_ids"]}


def test_a_sync_asks_for_as_many_as_its_share_allows_in_turn(shop: Shop) -> None:
    """A tenth of the rate is 40 a minute: three syncs ask for all hundred lists, those first that wait the longest."""
    with_lists(shop, 100)
    shop.settings["criteo"]["calls_per_minute"] = 400
    turns = []
    for number in range(3):
        asked = shop.asked()
        shop.sync(at=NOW + number * span("1h"))
        turns.append(asked_for(shop, asked))
        assert len(shop.requests(asked, STATISTICS)) == 40
        shop.criteo.advance(HOUR)
    assert set().union(*turns) == set(shop.lists().values())
    assert turns[2] - turns[1] - turns[0] == set(shop.lists().values()) - turns[0] - turns[1]
    assert not turns[0] & turns[1]
    assert not turns[2] & turns[1]
    known = kept(shop)["lists"].values()
    assert all(each["reading"]["identifiers"] is not None for each in known)


def test_counts_lag_and_are_kept_with_their_age(small_shop: Shop) -> None:
    """A count is Criteo's own as of its last processing run, and says when it was given by Criteo's clock."""
    shop = small_shop
    shop.criteo.set_clock("2026-11-23T11:00:00Z")
    shop.criteo.advance(2 * HOUR)
    shop.sync(at=NOW + span("1m"))
    reading = kept(shop)["lists"]["segment.buyers"]["reading"]
    assert reading["at"].startswith("2026-11-23T13:0")
    assert (reading["identifiers"], reading["low"], reading["high"]) == (100, 100, 100)
    assert 0 < reading["matches"] < 100
    assert kept(shop)["synced"]["as_of"] == "2026-11-21T18:01:00Z"


def test_fresh_counts_are_not_asked_for_again(small_shop: Shop) -> None:
    """Two syncs within minutes ask once."""
    small_shop.sync(at=NOW + span("1m"))
    asked = small_shop.asked()
    small_shop.sync(at=NOW + span("2m"))
    assert asked_for(small_shop, asked) == set()


def test_an_apply_and_a_plan_ask_for_none(small_shop: Shop) -> None:
    """Neither asks, nor writes anything of it."""
    files = small_shop.state_files()
    small_shop.plan()
    small_shop.apply()
    assert small_shop.requests(0, STATISTICS) == []
    assert files.keys() == small_shop.state_files().keys()


def test_a_missing_right_costs_the_counts_alone(small_shop: Shop) -> None:
    """A sync that may not read counts moves members and ends 0; it says so, and the next one asks again."""
    small_shop.criteo.fault("403", operation=STATISTICS)
    small_shop.people(["late"], "purchase", "1h")
    done = small_shop.sync(at=NOW + span("1m"))
    assert "Criteo's counts of the lists could not be asked for." in done.err
    assert "late" in small_shop.members("Buyers")
    assert kept(small_shop)["lists"]["segment.buyers"]["asked"] is None
    small_shop.sync(at=NOW + span("2m"))
    assert kept(small_shop)["lists"]["segment.buyers"]["reading"] is not None


def test_no_answer_costs_the_counts_alone(shop: Shop) -> None:
    """After a list that is not answered for nothing more is asked; what was told before is kept. That list has had its
    turn: the next sync begins with the others.
    """
    with_lists(shop, 5)
    shop.criteo.fault("500", operation=STATISTICS, nth=3, count=None)
    done = shop.sync(at=NOW + span("1m"))
    assert "Criteo did not answer." in done.err
    assert len(asked_for(shop, 0)) == 3
    assert sum(each["reading"] is not None for each in kept(shop)["lists"].values()) == 2
    shop.criteo.send("DELETE", "/emulator/faults")
    asked = shop.asked()
    shop.sync(at=NOW + span("2m"))
    assert asked_for(shop, asked) == {shop.lists()[name] for name in ("s03", "s04")}


def test_counts_that_are_not_ours_to_read_stop_no_sync(small_shop: Shop) -> None:
    """The file stays as it is, the members move, and it is said what to do."""
    path = small_shop.state / "statistics.json"
    path.write_text('{"format_version": 9}')
    small_shop.people(["late"], "purchase", "1h")
    done = small_shop.sync(at=NOW + span("1m"))
    assert "Remove the file" in done.err
    assert "late" in small_shop.members("Buyers")
    assert path.read_text() == '{"format_version": 9}'


def test_a_state_from_before_there_were_counts_is_read(small_shop: Shop) -> None:
    """Without the file everything works, and the next sync makes it; `state show` can print it."""
    missing: Done = small_shop.run("state", "show", "--statistics", at=None)
    assert (missing.code, json.loads(missing.out)["lists"]) == (0, {})
    small_shop.sync(at=NOW + span("1m"))
    shown = small_shop.run("state", "show", "--statistics", at=None)
    assert json.loads(shown.out) == kept(small_shop)
    assert "statistics" not in small_shop.run("state", "show", at=None).document

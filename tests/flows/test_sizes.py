"""Criteo's own sizes beside a plan: for whoever reads it, and for nothing else."""

from __future__ import annotations

from typing import Any

import pytest

import reconciler.run
from reconciler.emulator.switches import Switches
from reconciler.figures.sizes import measured
from reconciler.model.sizes import Sizes
from tests.flows.conftest import Opener
from tests.flows.shop import AUDIENCE_SIZES, NOW, SEGMENT_SIZES, Document, Shop, names, span

DEFINITIONS = """\
segments:
  buyers:
    name: Buyers
    who: { event: purchase, within: 7d }
  carts:
    name: Carts
    who: { event: cart_added, within: 3d }
audiences:
  recovery:
    name: Recovery
    include: [carts]
    exclude: [buyers]
"""
LATER = NOW + span("1h")


@pytest.fixture
def applied(open_shop: Opener) -> Shop:
    """A hundred buyers and fifty carts, sent and counted by Criteo; then a cart more, and another name."""
    shop = open_shop(switches=Switches(match_rate=0.64, counters="after_runs", computable_sizes="all"))
    shop.definitions = DEFINITIONS
    shop.people(names("buyer", 100), "purchase", "2h")
    shop.people(names("cart", 50), "cart_added", "2h")
    shop.apply()
    shop.criteo.advance(48 * 3600)
    shop.people(["late"], "cart_added", "2h")
    shop.definitions = DEFINITIONS.replace("name: Recovery", "name: Recover them")
    return shop


def sizes(document: Document) -> dict[str, int | None]:
    """Criteo's sizes by address."""
    return {each["address"]: each["size"] for each in document["sizes"]}


def notes(document: Document) -> str:
    """What the plan notes, in one text."""
    return " ".join(document["notes"])


def test_a_plan_shows_criteos_sizes_by_two_calls(applied: Shop) -> None:
    """Lists and audiences that exist have the size that Criteo itself tells, whatever our ledger says."""
    asked = applied.asked()
    document = applied.plan(at=LATER)
    calls = [each["operation"] for each in applied.requests(asked)]
    assert (calls.count(SEGMENT_SIZES), calls.count(AUDIENCE_SIZES)) == (1, 1)
    told = sizes(document)
    assert told.keys() == {"segment.buyers", "segment.carts", "audience.recovery"}
    assert all(isinstance(size, int) for size in told.values())
    assert 0 < (told["segment.carts"] or 0) < (told["segment.buyers"] or 0) <= 100


def test_text_and_markdown_show_them_beside_what_changes(applied: Shop) -> None:
    """A line of a resource that is there already ends with its size, and the table has a column of them."""
    told = sizes(applied.plan(at=LATER))
    text = applied.run("plan", at=LATER).out
    assert f'~ audience.recovery  update: "Recover them", Criteo\'s size {told["audience.recovery"]:,}\n' in text
    markdown = applied.run("plan", "--format", "markdown", at=LATER).out
    assert "| | resource | name | owner | members | Criteo's size |" in markdown
    assert f"| `segment.carts` | Carts |  | +1 -0 | {told['segment.carts']:,} |" in markdown


def test_what_is_not_there_yet_has_no_size(shop: Shop) -> None:
    """A first plan asks for none; a list that is to be made is left out of a later one."""
    shop.definitions = DEFINITIONS
    shop.people(names("buyer", 5), "purchase", "2h")
    shop.people(names("cart", 5), "cart_added", "2h")
    assert sizes(shop.plan()) == {}
    assert [] == [*shop.requests(0, SEGMENT_SIZES), *shop.requests(0, AUDIENCE_SIZES)]
    shop.apply()
    shop.definitions = DEFINITIONS.replace("audiences:", "  more:\n    who: { event: purchase }\naudiences:")
    assert sizes(shop.plan()).keys() == {"segment.buyers", "segment.carts", "audience.recovery"}


def test_a_size_is_never_a_change(applied: Shop) -> None:
    """Another size than before changes no exit code and no step: a plan with nothing to do stays empty."""
    applied.apply(at=LATER)
    applied.criteo.advance(48 * 3600)
    done = applied.run("plan", "--detailed-exitcode", "--include-members", "--format", "json", at=LATER)
    assert (done.code, done.document["summary"]["empty"]) == (0, True)
    assert len(done.document["sizes"]) == 3
    assert "Criteo's size" not in applied.run("plan", at=LATER).out


def test_an_apply_and_a_sync_ask_for_none(applied: Shop) -> None:
    """They have no use for them."""
    asked = applied.asked()
    applied.apply(at=LATER)
    applied.sync(at=LATER + span("1m"))
    assert [] == [*applied.requests(asked, SEGMENT_SIZES), *applied.requests(asked, AUDIENCE_SIZES)]


def test_sizes_can_be_turned_off(applied: Shop) -> None:
    """With `sizes: false` nothing is asked and nothing shown."""
    applied.settings["criteo"]["sizes"] = False
    asked = applied.asked()
    document = applied.plan(at=LATER)
    assert "sizes" not in document
    assert [] == [*applied.requests(asked, SEGMENT_SIZES), *applied.requests(asked, AUDIENCE_SIZES)]


def test_a_missing_right_leaves_them_out_and_is_noted(applied: Shop) -> None:
    """After a 403 nothing more is asked; the plan goes on, says which right it takes, and ends as it would."""
    applied.criteo.fault("403", operation=SEGMENT_SIZES, count=None)
    asked = applied.asked()
    document = applied.plan(at=LATER)
    assert document["summary"]["change"] == 1
    assert set(sizes(document).values()) <= {None}
    assert "the right to manage audiences" in notes(document)
    assert "`criteo: { sizes: false }`" in notes(document)
    assert [] == applied.requests(asked, AUDIENCE_SIZES)


def test_no_answer_leaves_them_out_and_is_noted(applied: Shop) -> None:
    """Where Criteo's sizes are broken the plan is whole without them, and what was told before is shown."""
    applied.criteo.fault("500", operation=AUDIENCE_SIZES, count=None)
    document = applied.plan(at=LATER)
    assert document["summary"]["change"] == 1
    told = sizes(document)
    assert told["audience.recovery"] is None
    assert told["segment.buyers"] is not None
    assert "Criteo did not answer. HTTP 500." in notes(document)


@pytest.mark.parametrize("place", ["errors", "warnings", "bad_request"])
def test_what_criteo_cannot_size_is_named(applied: Shop, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """One that goes while we plan has no size, and the others have theirs, wherever Criteo reports it."""
    applied.definitions += "  alone:\n    name: Alone\n    include: [buyers]\n"
    applied.apply(at=LATER)
    audience = applied.audiences()["Alone"]["id"]
    applied.criteo.authorize()

    def after_a_deletion(*given: Any) -> Sizes:
        applied.criteo.bulk("POST", "/audiences/delete", {"id": audience, "type": "Audience"})
        return measured(*given)

    monkeypatch.setattr(reconciler.run, "measured", after_a_deletion)
    applied.criteo.fault("failed_items", operation=AUDIENCE_SIZES, failed_items=place)
    document = applied.plan(at=LATER)
    told = sizes(document)
    assert told["audience.alone"] is None
    assert [address for address, size in told.items() if size is None] == ["audience.alone"]
    assert "Criteo tells no size of audience.alone." in notes(document)


def test_sizes_that_criteo_computes_of_no_list_cost_nothing(open_shop: Opener) -> None:
    """Where Criteo computes sizes of certain kinds alone, the others have none and the plan says which."""
    shop = open_shop(switches=Switches(computable_sizes="estimable"))
    lists = "".join(f"  s{number}: {{ who: {{ event: purchase, within: {number}d }} }}\n" for number in range(1, 6))
    market = "  market: { criteo: { in_market: { country: FR } } }\n"
    shop.people(names("buyer", 5), "purchase", "2h")
    shop.definitions = f"segments:\n{lists}{market}"
    shop.apply()
    document = shop.plan()
    assert [address for address, size in sizes(document).items() if size] == ["segment.market"]
    assert "Criteo tells no size of segment.s1, segment.s2, segment.s3 and 2 more." in notes(document)
    assert document["summary"]["empty"]

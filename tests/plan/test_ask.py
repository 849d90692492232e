"""What the membership stage is asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from reconciler.errors import WorkspaceInvalid
from reconciler.model.address import Address
from reconciler.plan.ask import ask, ask_applied
from tests.plan.builders import BEFORE, applied, bought, cart, definition, desired, segment


def test_before_the_first_apply_nothing_is_applied() -> None:
    """Every published segment is asked for, with its lists and no applied definition."""
    (asked,) = ask(desired(segment("cart", cart("hot", "warm"))), None)

    assert (("segment.cart.hot", "hot"), ("segment.cart.warm", "warm")) == asked.lists
    assert asked.wanted == cart("hot", "warm")
    assert asked.applied is None
    assert asked.applied_as_of is None


def test_a_changed_segment_is_asked_for_with_both_definitions() -> None:
    """Applied and wanted stand side by side, with the clock of the last apply."""
    old, new = desired(segment("a", definition(bought("3d")))), desired(segment("a", definition(bought("5d"))))

    (asked,) = ask(new, applied(old))

    assert (definition(bought("5d")), definition(bought("3d")), BEFORE) == (
        asked.wanted,
        asked.applied,
        asked.applied_as_of,
    )


def test_slices_that_disagree_keep_the_change_in_sight() -> None:
    """After half an apply the definition that is not the wanted one counts as applied, at the oldest clock."""
    new = desired(segment("cart", cart("hot", "warm", none=())))
    half = applied(new)
    warm = Address("segment.cart.warm")
    older = BEFORE - dt.timedelta(hours=1)
    stale = replace(half.lists[warm], definition=cart("hot", "warm"), as_of=older)

    (asked,) = ask(new, replace(half, lists={**half.lists, warm: stale}))

    assert (cart("hot", "warm"), older) == (asked.applied, asked.applied_as_of)


def test_a_drained_segment_is_wanted_empty_and_a_kept_one_is_not_asked_for() -> None:
    """`drain` asks for nobody; `keep` lets go."""
    old = applied(desired(segment("a"), segment("b"), segment("c")))

    asked = ask(desired(segment("c"), removed={"segment.a": "drain", "segment.b": "keep"}), old)

    assert [("a", None), ("c", definition())] == [(each.key, each.wanted) for each in asked]


def test_a_drained_slice_stays_among_the_lists_of_its_segment() -> None:
    """The wanted definition has no such slice any more, so that its list empties."""
    old = applied(desired(segment("cart", cart("hot", "warm"))))

    (asked,) = ask(desired(segment("cart", cart("hot")), removed={"segment.cart.warm": "drain"}), old)

    assert ["segment.cart.hot", "segment.cart.warm"] == [address for address, _ in asked.lists]


@pytest.mark.parametrize(
    ("new", "address", "place"),
    [
        (desired(segment("b")), "segment.a", "reconciler.yaml:1:1"),
        (desired(segment("a", cart("hot")), segment("b")), "segment.a", "reconciler.yaml:1:1"),
    ],
    ids=["deleted", "cut into slices"],
)
def test_what_is_no_longer_asked_for_must_be_in_removed(new: object, address: str, place: str) -> None:
    """Deleting YAML deletes nothing: the error prints the entry to add."""
    old = applied(desired(segment("a"), segment("b")))

    with pytest.raises(WorkspaceInvalid) as caught:
        ask(new, old)  # type: ignore[arg-type]

    assert caught.value.exit_code == 78
    assert f"`removed: {{ {address}: {{ contents: drain }} }}`" in str(caught.value)
    assert place in str(caught.value)


def test_a_dropped_slice_is_refused_at_its_segment() -> None:
    """The segment is still there, so its place is told."""
    old = applied(desired(segment("cart", cart("hot", "warm"))))

    with pytest.raises(WorkspaceInvalid, match=r"segments.yaml:3:3: segments.cart: segment.cart.warm exists"):
        ask(desired(segment("cart", cart("hot"))), old)


def test_a_sync_asks_for_what_was_applied() -> None:
    """Wanted is the applied definition, whatever the workspace says by now; a list never applied is left alone."""
    old = applied(desired(segment("a", definition(bought("3d"))), segment("b")))
    never = replace(old.lists[Address("segment.b")], definition=None)

    (asked,) = ask_applied(replace(old, lists={**old.lists, Address("segment.b"): never}))

    assert ("a", definition(bought("3d")), definition(bought("3d"))) == (asked.key, asked.wanted, asked.applied)


def test_a_sync_goes_on_with_the_newest_of_definitions_that_disagree() -> None:
    """What was reviewed last and is partly done is not undone."""
    old = applied(desired(segment("cart", cart("hot", "warm"))))
    hot = Address("segment.cart.hot")
    newer = replace(old.lists[hot], definition=cart("hot", "warm", none=()), as_of=BEFORE + dt.timedelta(hours=1))

    (asked,) = ask_applied(replace(old, lists={**old.lists, hot: newer}))

    assert cart("hot", "warm", none=()) == asked.wanted

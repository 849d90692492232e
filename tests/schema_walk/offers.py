"""Cases for `offers` and for the offer of an audience: what a plan says of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tests.schema_walk.case import Case
from tests.schema_walk.given import SETTINGS, definitions, settings

_SEGMENTS = """\
windows: { hot: 0h..4h, cold: 4h..7d }
segments: { carts: { slices: [hot, cold], who: { event: cart_added, latest: true, within: slice } } }
"""
_AUDIENCE = "audiences: { a: { include: [carts.hot], offer: { ladder: cart, touch: 1, discount: 10% } } }\n"
_STAGE = "touch: 1, within: hot, discount: 10%, owned: { email: 10% }"
_LADDER = f"{_SEGMENTS}{_AUDIENCE}offers: {{ cart: {{ stages: [ {{ {_STAGE} }} ] }} }}"
_OFFER = "{ discount: 10%, ladder: cart, touch: 1 }"
_OFFERING = (
    f"{_SEGMENTS}audiences: {{ a: {{ include: [carts.hot], offer: {_OFFER} }} }}\n"
    "offers: { cart: { stages: [ { touch: 1, discount: 10%, within: hot }, { touch: 2, discount: 20%, within: cold } ]"
    " }, sale: { stages: [ { touch: 1, discount: 5% } ] } }"
)


def _said(old: str, new: str, text: str = _LADDER, *, shows: Literal["lint", "exit"] = "lint") -> Case:
    """A text, and the same with one thing said otherwise."""
    assert text.count(old) == 1
    return definitions(shows, text.replace(old, "KEY"), old, new)


def offers() -> Iterator[tuple[str, Case]]:
    """Of definitions."""
    offer = "audiences: { a: { include: [carts.hot] KEY } }\n"
    yield (
        "offers",
        definitions(
            "exit", f"{_SEGMENTS}{_AUDIENCE}KEY", "offers: { cart: { stages: [ { touch: 1, discount: 10% } ] } }", ""
        ),
    )
    yield "offers.*", _said("cart: { stages", "card: { stages", shows="exit")
    yield (
        "offers.*.stages",
        _said("[ { " + _STAGE + " } ]", "[ { touch: 1, discount: none }, { touch: 2, discount: none } ]"),
    )
    yield "offers.*.stages[].touch", _said("touch: 1, within", "touch: 2, within", shows="exit")
    yield "offers.*.stages[].within", _said("within: hot", "within: cold")
    yield "offers.*.stages[].discount", _said("hot, discount: 10%", "hot, discount: 5%")
    yield "offers.*.stages[].owned", _said(", owned: { email: 10% }", ", owned: { email: none, sms: none }")
    for channel in ("email", "sms", "push"):
        text = _LADDER.replace("email: 10%", f"{channel}: {{ discount: 10%, until: 4h }}")
        key = f"offers.*.stages[].owned.{channel}"
        yield key, _said(f"{channel}: {{ discount: 10%, until: 4h }}", f"{channel}: none", text)
        yield f"{key}.discount", _said("{ discount: 10%, until", "{ discount: 5%, until", text)
        yield f"{key}.until", _said("until: 4h", "until: 2h", text)
    yield "audiences.*.offer", definitions("lint", f"{_SEGMENTS}{offer}", "", ", offer: { discount: 10% }")
    yield "audiences.*.offer.discount", _said("{ discount: 10%, ladder", "{ discount: 15%, ladder", _OFFERING)
    yield "audiences.*.offer.ladder", _said("ladder: cart", "ladder: sale", _OFFERING)
    yield "audiences.*.offer.touch", _said("cart, touch: 1", "cart, touch: 2", _OFFERING)


def offers_in_settings() -> Iterator[tuple[str, Case]]:
    """Of `reconciler.yaml`, which may hold them too."""
    wanted = f"version: 1\n{_SEGMENTS}{_AUDIENCE}"
    base = SETTINGS + "offers: { cart: { stages: [ { touch: 1, discount: 10% } ] } }\n"
    yield "offers", settings("lint", "discount: 10%", "discount: 5%", base=base, wanted=wanted)

"""A proposal → first segments, and audiences of them, from the kinds of events that occur."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.scaffold.names import best
from reconciler.scaffold.proposal import Proposal
from reconciler.scaffold.write import comment, word, words

_OWNER = "    owner: OWNER"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kinds:
    """The kind that plays each role, where one does."""

    purchase: str | None
    cart: str | None
    checkout: str | None
    view: str | None

    @classmethod
    def of(cls, proposal: Proposal) -> Kinds:
        """Those of a proposal."""
        roles = ("purchase", "cart", "checkout", "view")
        return cls(**{role: best(proposal.kinds, role) for role in roles})

    @property
    def carts(self) -> tuple[str, ...]:
        """What fills a cart, and what goes on with it."""
        return tuple(kind for kind in (self.cart, self.checkout) if kind)


def segments_text(proposal: Proposal, kinds: Kinds, owner: str) -> str:
    """The whole `segments.yaml`."""
    parts = [comment("Who belongs to what. `reconciler show` lists it, `reconciler plan` counts it."), "version: 1\n"]
    if windows := _windows(kinds):
        parts.append(f"\nwindows:\n{windows}")
    parts.append("\nsegments:\n")
    parts.append("\n".join(_segments(proposal, kinds)))
    if proposal.unknown_kinds:
        others = ", ".join(f"`{kind}`" for kind in proposal.unknown_kinds)
        parts.append("\n" + comment(f"These kinds of events occur, and no segment asks for them yet: {others}."))
    return _owned("".join(parts), owner)


def _owned(text: str, owner: str) -> str:
    """The text with everything owned by this team."""
    return text.replace(f"{_OWNER}\n", f"    owner: {word(owner)}\n")


def _windows(kinds: Kinds) -> str:
    lines = []
    if kinds.carts:
        lines += ["# How long ago the cart was filled. The end is not part of a window, so that nobody is in two.\n"]
        lines += ["hot: 0h..3d\n", "cold: 3d..14d\n"]
    if kinds.purchase:
        lines += ["lapsed: 60d..120d\n"]
    return "".join(f"  {line}" for line in lines)


def _segments(proposal: Proposal, kinds: Kinds) -> list[str]:
    refused = proposal.customers.refused
    made = [
        _purchasers(kinds.purchase) if kinds.purchase else "",
        _carts(kinds) if kinds.carts else "",
        _browsers(kinds) if kinds.view else "",
        _lapsed(kinds.purchase) if kinds.purchase else "",
        _refused(refused) if refused else "",
    ]
    found = [each for each in made if each]
    return found if any(made[:4]) else [*found, _everybody()]


def _purchasers(kind: str) -> str:
    return f"""\
  recent-purchasers:
    name: Recent purchasers (7d)
    description: Bought within the last week. Nobody wants an ad for what they have just bought
    owner: OWNER
    who: {{ event: {word(kind)}, within: 7d }}
"""


def _carts(kinds: Kinds) -> str:
    bought = f", not_followed_by: {word(kinds.purchase)}" if kinds.purchase else ""
    none = "      none:\n        - segment: recent-purchasers\n" if kinds.purchase else ""
    return f"""\
  # Two lists of one definition, cart-abandoners.hot and .cold: people move on from one to the other.
  cart-abandoners:
    name: Cart abandoners
    description: Filled a cart and {"has not bought since" if kinds.purchase else "may not have bought"}
    owner: OWNER
    slices: [hot, cold]
    who:
      all:
        - {{ event: {words(kinds.carts)}, latest: true, within: slice{bought} }}
{none}"""


def _browsers(kinds: Kinds) -> str:
    none = [f"{{ event: {words(kinds.carts)}, within: 3d }}"] if kinds.carts else []
    none += ["segment: recent-purchasers"] if kinds.purchase else []
    without = "".join(f"        - {each}\n" for each in none)
    return f"""\
  keen-browsers:
    name: Keen browsers (3d)
    description: Looked at something at least twice in three days, and went no further
    owner: OWNER
    who:
      all:
        - {{ event: {word(kinds.view or "")}, times: {{ at_least: 2 }}, within: 3d }}
{f"      none:{chr(10)}{without}" if without else ""}"""


def _lapsed(kind: str) -> str:
    return f"""\
  lapsed-customers:
    name: Lapsed customers
    description: Bought, and then not for two to four months
    owner: OWNER
    who: {{ event: {word(kind)}, latest: true, within: lapsed }}
"""


def _refused(column: str) -> str:
    return f"""\
  unsubscribed:
    name: Unsubscribed
    description: They asked not to be advertised to
    owner: OWNER
    # A list of people to leave out has to hold those who never agreed.
    purpose: suppression
    reason: They asked not to be advertised to
    who: {{ attribute: {word(column)}, is: true }}
"""


def _everybody() -> str:
    return """\
  everybody:
    name: Everybody
    description: All customers. Narrow it down by an `attribute`, or by events once there are some
    owner: OWNER
    who: { everyone: true }
"""


def always_excluded(proposal: Proposal, kinds: Kinds) -> tuple[str, ...]:
    """What every audience leaves out."""
    found = (("unsubscribed", proposal.customers.refused), ("recent-purchasers", kinds.purchase))
    return tuple(key for key, there in found if there)


def audiences_text(kinds: Kinds, owner: str, ad_set: str | None) -> str:
    """The whole `audiences.yaml`. `ad_set` is linked to the first of them."""
    made = [
        ("cart-recovery", "Cart recovery", "A reminder of what is in the cart", "cart-abandoners", bool(kinds.carts)),
        ("browse-recovery", "Browse recovery", "What they looked at, once more", "keen-browsers", bool(kinds.view)),
        ("winback", "Winback", "We miss you", "lapsed-customers", bool(kinds.purchase)),
    ]
    found = [each[:4] for each in made if each[4]] or [("everybody", "Everybody", "All customers", "everybody")]
    entries = [_audience(*each, ad_set=ad_set if each is found[0] else None) for each in found]
    head = comment("What ad sets target: any of the lists in `include`, and none of those in `exclude`.")
    return _owned(f"{head}version: 1\n\naudiences:\n" + "\n".join(entries), owner)


def _audience(key: str, name: str, description: str, segment: str, *, ad_set: str | None) -> str:
    linked = f'ad_sets: ["{ad_set}"]' if ad_set else '# ad_sets: ["700123"]'
    why = "the emulator has this one" if ad_set else "the ids of the ad sets that target it, in quotes"
    return f"""\
  {key}:
    name: {name}
    description: {description}
    owner: OWNER
    include: [{segment}]
    {linked}  # {why}
"""

"""The names by which columns and events are usually called. A name is only ever a hint; what is found there decides."""

from __future__ import annotations

import re
from collections.abc import Iterable

KEYS = (
    "customer_id",
    "customerid",
    "user_id",
    "userid",
    "client_id",
    "contact_id",
    "member_id",
    "profile_id",
    "id",
    "key",
)
OWNERS = (*KEYS, "customer", "user", "client", "buyer", "member", "account", "contact")
KINDS = ("event", "event_name", "event_type", "eventname", "type", "action", "activity", "kind", "name")
TIMES = ("occurred_at", "event_time", "timestamp", "time", "created_at", "ordered_at", "paid_at", "date", "at", "ts")
CONSENT = (
    "consent",
    "opt_in",
    "optin",
    "agreed",
    "permission",
    "accepts",
    "subscribed",
    "newsletter",
    "gdpr",
    "marketing",
)
REFUSED = ("unsubscribed", "opt_out", "optout", "opted_out", "do_not", "suppressed", "blocked", "blacklisted")
PEOPLE = ("customer", "user", "people", "profile", "contact", "member", "subscriber", "client", "account", "crm")
PHONES = ("phone", "mobile", "tel", "cell", "msisdn")

ROLES = {
    "purchase": ("purchase", "purchased", "order", "ordered", "order_paid", "order_placed", "order_completed", "bought",
                 "buy", "sale", "transaction", "checkout_completed", "completed_order", "placed_order"),
    "cart": ("cart_added", "add_to_cart", "added_to_cart", "addtocart", "cart_add", "product_added", "basket_added",
             "add_to_basket", "cart", "basket", "cart_updated"),
    "checkout": ("checkout_started", "begin_checkout", "started_checkout", "initiate_checkout", "checkout"),
    "view": ("product_viewed", "view_item", "product_view", "viewed_product", "view", "viewed", "page_view", "pageview",
             "page_viewed", "item_viewed", "browse", "visit"),
}  # fmt: skip
"""What an event does for a shop, and what it is called then, the most telling name first."""


def plain(name: str) -> str:
    """A name in small letters, its words joined by `_`: `Order Completed` and `orderCompleted` are one."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


def rank(name: str, hints: Iterable[str]) -> int:
    """The place of a name among the hints, from 0: first those that are it, then those that are in it; -1 for none."""
    words, known = plain(name), list(hints)
    if words in known:
        return known.index(words)
    held = [number for number, hint in enumerate(known) if _is_in(hint, words)]
    return len(known) + held[0] if held else -1


def _is_in(hint: str, words: str) -> bool:
    """Short hints have to be whole words: `id` is not in `paid`."""
    return f"_{hint}_" in f"_{words}_" if len(hint) <= 3 else hint in words


def role_of(kind: str) -> str | None:
    """What an event does for a shop, by its name."""
    return next((role for role, names in ROLES.items() if plain(kind) in names), None)


def best(kinds: Iterable[str], role: str) -> str | None:
    """The kind that names a role most plainly."""
    found = [kind for kind in kinds if role_of(kind) == role]
    return min(found, key=lambda kind: ROLES[role].index(plain(kind))) if found else None


def slug(text: str) -> str:
    """A key of the language made of any text; nothing where no letter is left."""
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return re.sub(r"^[^a-z]+", "", words)


def order(name: str, hints: Iterable[str]) -> int:
    """The rank of a name, for sorting: what no hint is about comes last."""
    found = rank(name, hints)
    return found if found >= 0 else 1000

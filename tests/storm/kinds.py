"""Segments of Criteo's own kinds at random, and how Criteo shows them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

Own = dict[str, dict[str, Any]]
"""What `criteo:` says of a segment: the kind and its attributes."""


def at_random(chance: random.Random, seeds: Sequence[str]) -> Own:
    """Any kind; a lookalike grows from one of the lists `seeds`."""
    first = chance.choice([0, 7])
    days = {"daysSinceLastVisitMin": first, "daysSinceLastVisitMax": first + chance.choice([1, 30])}
    kinds: list[Own] = [
        {"retargeting": {"visitorsType": chance.choice(["All", "Buyers", "NonBuyers"]), **days}},
        {"prospecting": {"usersType": "ProspectsOrNonBuyers", **days}},
        {"in_market": {"country": chance.choice(["FR", "DE"]), "gender": chance.choice(["Male", "Female"])}},
        {"lookalike": {"seed": chance.choice(seeds), "targetSize": chance.choice([100_000, 500_000])}},
    ]
    return chance.choice(kinds)


def changed(own: Own, chance: random.Random) -> Own:
    """The same kind with something else in it, without what Criteo can't change."""
    (kind, attributes), *_ = own.items()
    other = at_random(chance, ["nobody"])
    while kind not in other:
        other = at_random(chance, ["nobody"])
    seed = {"seed": attributes["seed"]} if "seed" in attributes else {}
    return {kind: {**other[kind], **seed}}


def is_shown(own: Own, attributes: Mapping[str, Any], ids: Mapping[str, str]) -> bool:
    """Whether Criteo's attributes of a segment are those that were asked for; `ids` are the lists', by address."""
    (kind, wanted), *_ = own.items()
    shown = attributes["inMarket" if kind == "in_market" else kind] or {}
    given = {"seedSegmentId" if name == "seed" else name: value for name, value in wanted.items()}
    if "seed" in wanted:
        given["seedSegmentId"] = ids[wanted["seed"]]
    return all(shown.get(name) == value for name, value in given.items())

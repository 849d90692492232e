"""What of the language is drawn: a feature is switched on when the engine has learnt it."""

from __future__ import annotations

from collections.abc import Mapping

FEATURES: Mapping[str, bool] = {
    "first": True,
    "followed_by": True,
    "same": True,
    "measures": True,
    "ratio": True,
    "times": True,
    "lists": False,
    "exponents": True,
    "sample": False,
    "keys": False,
    "query": False,
    "same_person": True,
    "sources": True,
    "kinds": True,
    "guests": True,
    "whole_keys": True,
    "missing": True,
    "identifier_lists": True,
    "hashed": True,
    "phones": True,
    "forms": True,
}


def on(feature: str) -> bool:
    """Whether it is drawn."""
    return FEATURES[feature]

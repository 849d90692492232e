"""What of the language is drawn: a feature is switched on when the engine has learnt it."""

from __future__ import annotations

from collections.abc import Mapping

FEATURES: Mapping[str, bool] = {
    "first": False,
    "followed_by": False,
    "same": False,
    "measures": False,
    "ratio": False,
    "times": False,
    "lists": False,
    "exponents": False,
    "sample": False,
    "keys": False,
    "query": False,
    "same_person": False,
    "sources": True,
    "kinds": True,
    "guests": False,
    "whole_keys": False,
    "missing": False,
    "identifier_lists": False,
    "hashed": False,
    "phones": False,
    "forms": False,
}


def on(feature: str) -> bool:
    """Whether it is drawn."""
    return FEATURES[feature]

"""Criteo's own sizes in the document of a plan, and as words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.model.sizes import Sizes

Document = dict[str, Any]


def sizes_part(sizes: Sizes | None) -> Document:
    """What a document says of sizes: nothing where they were not asked for, null where Criteo tells none."""
    if sizes is None:
        return {}
    known = {**dict.fromkeys(sizes.untold), **sizes.known}
    return {"sizes": [{"address": address, "size": size} for address, size in sorted(known.items())]}


def size_words(doc: Document) -> Mapping[str, str]:
    """Addresses with their sizes as a reader sees them."""
    return {each["address"]: f"{each['size']:,}" for each in doc.get("sizes", ()) if each["size"] is not None}

"""What a plan notes of Criteo's own kinds of segment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from reconciler.desired import Desired


def drained_seeds(desired: Desired, as_of: dt.datetime) -> Iterator[str]:
    """Lookalikes whose seed holds nobody more, because its period is over: what Criteo makes of that nobody says."""
    zone = desired.settings.time_zone
    over = {
        each.address: active.last
        for segment in desired.segments
        for each in segment.lists
        if (active := segment.definition.active) is not None and active.is_over(as_of, zone)
    }
    for each in desired.kinds:
        seed = each.kind.seed
        if seed is not None and seed in over:
            yield (
                f"{each.address} grows from {seed}, whose period ended on {over[seed]}: that list holds nobody more. "
                f"Grow it from another one, or remove it."
            )

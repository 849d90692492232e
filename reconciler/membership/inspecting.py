"""What the workspace asks for → what of it to hold against each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType

from reconciler.desired import Desired, DesiredAudience
from reconciler.errors import Usage
from reconciler.membership.overlap import Inspection
from reconciler.model.address import Address
from reconciler.model.membership import AskedSegment
from reconciler.model.overlap import Beyond
from reconciler.model.settings import EngineAccess


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """What to look at: segments, audiences or both, of them those that match a glob of `select` (all where there is
    none) and no glob of `exclude`. A glob is held against the address and against what follows its first point.
    `purchases` are the kinds of event that count as buying; people in more than `more_than` audiences are counted.
    """

    segments: bool = True
    audiences: bool = True
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    purchases: tuple[str, ...] = ()
    more_than: int = 1

    def takes(self, address: Address) -> bool:
        """Whether it is looked at."""
        is_segment = address.startswith("segment.")
        if not (self.segments if is_segment else self.audiences):
            return False
        chosen = not self.select or any(matches(glob, address) for glob in self.select)
        return chosen and not any(matches(glob, address) for glob in self.exclude)


def matches(glob: str, address: Address) -> bool:
    """A segment's key stands for its slices too."""
    name = address.partition(".")[2]
    return any(fnmatchcase(each, glob) for each in (address, name, name.partition(".")[0]))


def _refuse_strangers(desired: Desired, choice: Choice) -> None:
    """A glob that matches nothing is a slip of the pen."""
    everything = tuple(_addresses(desired))
    for glob in (*choice.select, *choice.exclude):
        if not any(matches(glob, address) for address in everything):
            raise Usage(
                "No segment or audience matches.",
                f"`{glob}` matches none of the {len(everything)} of this workspace.",
                "Quote it, so that the shell leaves it alone; `*` stands for any characters.",
            )


def _addresses(desired: Desired) -> tuple[Address, ...]:
    lists = (each.address for segment in desired.segments for each in segment.lists)
    return (*lists, *(each.address for each in desired.kinds), *(each.address for each in desired.audiences))


def inspection(
    desired: Desired,
    as_of: dt.datetime,
    choice: Choice,
    *,
    access: EngineAccess,
    report: Callable[[str], None],
) -> Inspection:
    """The question for `overlap`: audiences outside their period reach nobody, and are told apart.

    Raises Usage for a glob that matches nothing.
    """
    _refuse_strangers(desired, choice)
    audiences = [each for each in desired.audiences if choice.takes(each.address)]
    running = [each for each in audiences if _runs(each, as_of, desired.settings.time_zone)]
    return Inspection(
        settings=desired.settings,
        columns=desired.columns,
        asked=tuple(_asked(desired)),
        as_of=as_of,
        access=access,
        lists={each.address: each.name for s in desired.segments for each in s.lists if choice.takes(each.address)},
        audiences={each.address: targets for each in running if (targets := desired.targets(each)) is not None},
        purchases=choice.purchases,
        more_than=choice.more_than,
        idle=tuple(each.address for each in audiences if each not in running),
        beyond=_beyond(desired, running, choice),
        report=report,
    )


def _beyond(desired: Desired, audiences: Iterable[DesiredAudience], choice: Choice) -> Beyond:
    strangers = {each.address: tuple(sorted({*each.include, *each.exclude} - desired.addresses)) for each in audiences}
    known = {each.address for each in audiences if desired.targets(each) is not None}
    return Beyond(
        segments=tuple(each.address for each in desired.kinds if choice.takes(each.address)),
        audiences=tuple(address for address in strangers if address not in known),
        partly=MappingProxyType({at: others for at, others in strangers.items() if others and at in known}),
    )


def _runs(audience: DesiredAudience, as_of: dt.datetime, time_zone: str) -> bool:
    return audience.active is None or audience.active.holds(as_of, time_zone)


def _asked(desired: Desired) -> Iterable[AskedSegment]:
    for segment in desired.segments:
        lists = tuple((each.address, each.slice) for each in segment.lists)
        yield AskedSegment(key=segment.key, lists=lists, wanted=segment.definition)

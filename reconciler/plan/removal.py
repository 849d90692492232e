"""What the workspace lets go of, and the refusal when something of ours is no longer mentioned at all."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from reconciler.desired import Desired
from reconciler.errors import Problem, WorkspaceInvalid
from reconciler.model.address import Address, excluding_audience, replaced_by
from reconciler.model.settings import Place
from reconciler.model.workspace import Removed

Contents = Literal["drain", "keep"]


def segment_key(address: Address) -> str:
    """The key of the segment that a list belongs to: `cart` of `segment.cart.hot`."""
    return address.split(".")[1]


def slice_name(address: Address) -> str | None:
    """The slice of a list, None where its segment is not cut."""
    parts = address.split(".")
    return parts[2] if len(parts) > 2 else None


def whole_segment(address: Address) -> Address:
    """The address of a list's segment, without the slice."""
    return Address(f"segment.{segment_key(address)}")


@dataclass(frozen=True, slots=True)
class Declared:
    """The addresses that the workspace asks for, `kinds` of Criteo's own kinds among them, and the entries of `removed`
    for the others.
    """

    addresses: frozenset[Address]
    keys: frozenset[str]
    entries: tuple[Removed, ...]
    kinds: frozenset[Address] = frozenset()

    def contents(self, address: Address) -> Contents | None:
        """What `removed` says of something no longer asked for; for all lists at once when a whole segment went. A list
        of exclusions is of our own making: it goes by itself, unless its audience stays at Criteo as it is.
        """
        if address in self.addresses:
            return None
        if replaced_by(address) in self.kinds:
            return "drain"
        audience = excluding_audience(address)
        if audience is not None:
            return "keep" if self.contents(audience) == "keep" else "drain"
        names = {str(address)}
        if address.startswith("segment.") and segment_key(address) not in self.keys:
            names.add(whole_segment(address))
        return next((entry.contents for entry in self.entries if entry.address in names), None)


def declared(desired: Desired) -> Declared:
    """Read the workspace's own words on what exists and what goes."""
    lists = (each.address for segment in desired.kept for each in segment.lists)
    audiences = (audience.address for audience in desired.audiences)
    kinds = frozenset(each.address for each in desired.kinds)
    keys = frozenset({*(each.key for each in desired.kept), *(each.key for each in desired.kinds)})
    return Declared(frozenset({*lists, *audiences, *kinds}), keys, desired.removed, kinds)


def check_declared(desired: Desired, held: Iterable[Address]) -> None:
    """Refuse to guess: whatever we hold is asked for or in `removed`; that it is not both, config has checked.

    Raises WorkspaceInvalid with the entry of `removed` to add for each resource that is no longer mentioned: its YAML
    was deleted, its segment says `publish: false`, or its slice was dropped.
    """
    said = declared(desired)
    problems = tuple(_neither(desired, said, held))
    if problems:
        raise WorkspaceInvalid(problems)


def check_forms(desired: Desired, lists: Container[Address], kinds: Container[Address]) -> None:
    """Raises WorkspaceInvalid for a list of ours that shall become one of Criteo's own kinds, or the other way round:
    the one would have to be filled before the other goes, which takes two keys.
    """
    wanted = {part.address: (each.place, kinds) for each in desired.segments for part in each.lists}
    wanted |= {each.address: (each.place, lists) for each in desired.kinds}
    problems = tuple(_problem(place, _other_form(at)) for at, (place, held) in wanted.items() if at in held)
    if problems:
        raise WorkspaceInvalid(problems)


def _other_form(address: Address) -> str:
    return (
        f"{address} exists at Criteo as something else: a list of ours can't become one of Criteo's own kinds, nor the "
        f"other way round; give the new one a key of its own, let the audiences name that, and say of the old one "
        f"`removed: {{ {address}: {{ contents: drain }} }}`"
    )


def _neither(desired: Desired, said: Declared, held: Iterable[Address]) -> Iterator[Problem]:
    for address in sorted({replaced_by(each) or each for each in held}):
        if address not in said.addresses and said.contents(address) is None:
            yield _problem(
                _place(desired, address),
                f"{address} exists at Criteo and is not asked for any more; to empty and delete it add "
                f"`removed: {{ {address}: {{ contents: drain }} }}`, to let go of it as it is say `contents: keep`",
            )


def _place(desired: Desired, address: Address) -> Place:
    """The segment whose slice was dropped, or else the file with the settings: what is gone has no place of its own."""
    for segment in desired.segments:
        if address.startswith(f"segment.{segment.key}."):
            return segment.place
    settings = desired.settings.source.customers.table.place
    return Place(file=settings.file, line=1, column=1, path="removed")


def _problem(place: Place, message: str) -> Problem:
    return Problem(place.file, place.line, place.column, place.path, message)

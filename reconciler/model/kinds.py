"""Criteo's own kinds of segment: who is in them Criteo knows alone; we only say what they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal, get_args

from reconciler.model.address import Address

KindName = Literal["retargeting", "in_market", "location", "prospecting", "lookalike"]
KINDS: tuple[KindName, ...] = get_args(KindName)

DECIMALS = 5
"""How many decimals of a coordinate Criteo keeps: about a metre."""


@dataclass(frozen=True, order=True, slots=True)
class Point:
    """A place on earth, in degrees of `DECIMALS` decimals."""

    name: str
    latitude: Decimal
    longitude: Decimal

    def __str__(self) -> str:
        return f"{self.name} ({self.latitude}, {self.longitude})"


Value = str | int | tuple[str, ...] | tuple[Point, ...] | None
"""An attribute's value: a word, a number, a set (sorted), points (sorted); None is none."""

Form = Literal["word", "number", "set", "points"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribute:
    """One of Criteo's attributes, by its name there. `is_nullable`: an update can take it back to none."""

    name: str
    form: Form
    is_required: bool = False
    is_nullable: bool = False


def _word(name: str, *, required: bool = False, nullable: bool = False) -> Attribute:
    return Attribute(name=name, form="word", is_required=required, is_nullable=nullable)


def _number(name: str, *, required: bool = False, nullable: bool = False) -> Attribute:
    return Attribute(name=name, form="number", is_required=required, is_nullable=nullable)


MIN, MAX = "daysSinceLastVisitMin", "daysSinceLastVisitMax"

ATTRIBUTES: Mapping[KindName, tuple[Attribute, ...]] = MappingProxyType(
    {
        "retargeting": (
            _word("visitorsType", required=True),
            _number(MIN, required=True),
            _number(MAX, required=True),
        ),
        "in_market": (
            _word("country", required=True),
            *(Attribute(name=name, form="set") for name in ("interestIds", "brandIds", "buyingPower", "priceRange")),
            _word("gender", nullable=True),
        ),
        "location": (
            Attribute(name="pointsOfInterest", form="points", is_required=True),
            _number("radiusInKm", required=True),
        ),
        "prospecting": (
            _word("usersType", required=True),
            _number(MIN, nullable=True),
            _number(MAX, nullable=True),
        ),
        "lookalike": (_number("targetSize"),),
    }
)
"""What can be said of each kind, and changed later (Criteo's audience API 2026-07); a lookalike's seed stands apart,
since it can't be changed. A set that is none filters nothing.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One of Criteo's kinds with what is said of it; `attributes` are sorted by name. `seed` is the address of the list
    or segment that a lookalike grows from.
    """

    name: KindName
    attributes: tuple[tuple[str, Value], ...] = ()
    seed: Address | None = None

    @classmethod
    def of(cls, name: KindName, attributes: Mapping[str, Value], seed: Address | None = None) -> Kind:
        """A kind with attributes in any order."""
        return cls(name=name, attributes=tuple(sorted(attributes.items(), key=lambda item: item[0])), seed=seed)

    @property
    def values(self) -> dict[str, Value]:
        """The attributes by name."""
        return dict(self.attributes)

    def only(self, names: Collection[str]) -> Kind:
        """What an update of these attributes sends; what is not said of them becomes none, and the seed never moves."""
        values = self.values
        return Kind.of(self.name, {name: values.get(name, none_of(self.name, name)) for name in names})

    def update_of(self, names: Collection[str]) -> Kind:
        """What an update sends that changes these attributes.

        Those that can be none are said again: nobody knows whether what an update leaves out stays.
        """
        again = {name for name, _ in self.attributes if attribute_of(self.name, name).is_nullable}
        return self.only({*names, *again})

    def said(self) -> Kind:
        """The same without the attributes that are none."""
        return Kind.of(
            self.name, {name: value for name, value in self.attributes if value not in (None, ())}, self.seed
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, read again by `from_dict`."""
        seed = {"seed": self.seed} if self.seed is not None else {}
        return {"kind": self.name, **seed, **{name: _to_json(value) for name, value in self.attributes}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Kind:
        """Read what `to_dict` wrote. Raises KeyError, TypeError or ValueError on anything else."""
        known = {each.name: each.form for each in ATTRIBUTES[data["kind"]]}
        values = {name: _from_json(known[name], value) for name, value in data.items() if name not in ("kind", "seed")}
        return cls.of(data["kind"], values, Address(data["seed"]) if "seed" in data else None)


def attribute_of(kind: KindName, name: str) -> Attribute:
    """An attribute by its name. Raises StopIteration where the kind has none of it."""
    return next(each for each in ATTRIBUTES[kind] if each.name == name)


def none_of(kind: KindName, name: str) -> Value:
    """What an attribute is that says nothing."""
    return () if attribute_of(kind, name).form in ("set", "points") else None


def _to_json(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_point_to_json(each) if isinstance(each, Point) else each for each in value]
    return value


def _point_to_json(point: Point) -> dict[str, str]:
    return {"name": point.name, "latitude": str(point.latitude), "longitude": str(point.longitude)}


def _from_json(form: Form, value: Any) -> Value:
    if form == "points":
        points = (Point(each["name"], Decimal(each["latitude"]), Decimal(each["longitude"])) for each in value)
        return tuple(sorted(points))
    return tuple(sorted(value)) if form == "set" else value


def rounded(degrees: Decimal) -> Decimal:
    """Degrees as Criteo keeps them; we round before we send, so that nothing is left for Criteo to round otherwise."""
    return degrees.quantize(Decimal(1).scaleb(-DECIMALS)) + Decimal(0)

"""Formulas over lists: `and`, `or` and `not` of them, in one canonical form, and what two formulas are to each other.

A leaf is a name: a reference of the workspace, the address of a list or Criteo's id of a segment. Somebody is described
by the leaves that hold of her.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Leaf:
    """Everybody on a list."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """Everybody whom the formula does not hold of."""

    of: Formula


@dataclass(frozen=True, slots=True)
class And:
    """Everybody whom all parts hold of."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Everybody whom some part holds of."""

    parts: tuple[Formula, ...]


Formula = Leaf | Not | And | Or


def any_but(include: Iterable[str], exclude: Iterable[str] = ()) -> Formula:
    """`and[ or[include], not a, not b ]`. Raises ValueError when nothing is included."""
    included = tuple(map(Leaf, include))
    if not included:
        raise ValueError("an audience includes at least one segment")
    return canonical(And((Or(included), *(Not(Leaf(each)) for each in exclude))))


def canonical(formula: Formula) -> Formula:
    """Flat and sorted, without what is said twice, and nothing wrapped around a single part."""
    match formula:
        case Leaf():
            return formula
        case Not(of):
            inner = canonical(of)
            return inner.of if isinstance(inner, Not) else Not(inner)
        case And(parts) | Or(parts):
            kind = type(formula)
            flat = {
                part for each in map(canonical, parts) for part in (each.parts if isinstance(each, kind) else [each])
            }
            return next(iter(flat)) if len(flat) == 1 else kind(tuple(sorted(flat, key=_rank)))


def _rank(formula: Formula) -> tuple[int, str]:
    """What is included stands before what is excluded, plain lists before groups."""
    return (Leaf, Or, And, Not).index(type(formula)), written(formula)


def to_plain(formula: Formula) -> Any:
    """As the workspace writes it: a name, or one key."""
    match formula:
        case Leaf(name):
            return name
        case Not(of):
            return {"not": to_plain(of)}
        case And(parts):
            return {"and": list(map(to_plain, parts))}
        case Or(parts):
            return {"or": list(map(to_plain, parts))}


def from_plain(value: Any) -> Formula:
    """Read what `to_plain` wrote. Raises ValueError on anything else."""
    match value:
        case str(name):
            return Leaf(name)
        case {"not": of} if len(value) == 1:
            return Not(from_plain(of))
        case {"and": [_, *_] as parts} if len(value) == 1:
            return And(tuple(map(from_plain, parts)))
        case {"or": [_, *_] as parts} if len(value) == 1:
            return Or(tuple(map(from_plain, parts)))
        case _:
            raise ValueError("no formula")


def written(formula: Formula) -> str:
    """On one line, as flow YAML: `{ or: [segment.a, { not: segment.b }] }`."""
    return formula.name if isinstance(formula, Leaf) else f"{{ {bare(formula)} }}"


def bare(formula: Formula) -> str:
    """The same without the outer braces."""
    match formula:
        case Leaf(name):
            return name
        case Not(of):
            return f"not: {written(of)}"
        case And(parts):
            return f"and: [{', '.join(map(written, parts))}]"
        case Or(parts):
            return f"or: [{', '.join(map(written, parts))}]"


def renamed(formula: Formula, name: Callable[[str], str | Formula]) -> Formula:
    """With other leaves: each name as `name` has it, which may be a formula of its own. Not canonical."""
    match formula:
        case Leaf(old):
            new = name(old)
            return Leaf(new) if isinstance(new, str) else new
        case Not(of):
            return Not(renamed(of, name))
        case And(parts):
            return And(tuple(renamed(each, name) for each in parts))
        case Or(parts):
            return Or(tuple(renamed(each, name) for each in parts))


def occurrences(formula: Formula, *, wanted: bool = True) -> Iterator[tuple[str, bool]]:
    """Every leaf as often as it stands there, and whether being on its list helps (True) or hinders."""
    match formula:
        case Leaf(name):
            yield name, wanted
        case Not(of):
            yield from occurrences(of, wanted=not wanted)
        case And(parts) | Or(parts):
            for each in parts:
                yield from occurrences(each, wanted=wanted)


def included(formula: Formula) -> frozenset[str]:
    """The lists that bring somebody in; one may be among the excluded as well."""
    return frozenset(name for name, wanted in occurrences(formula) if wanted)


def excluded(formula: Formula) -> frozenset[str]:
    """The lists that keep somebody out; one may be among the included as well."""
    return frozenset(name for name, wanted in occurrences(formula) if not wanted)


def depth(formula: Formula) -> int:
    """How many levels it has; a list alone is one."""
    match formula:
        case Leaf():
            return 1
        case Not(of):
            return 1 + depth(of)
        case And(parts) | Or(parts):
            return 1 + max(map(depth, parts))


def holds(formula: Formula, lists: Collection[str]) -> bool:
    """Whether it holds of somebody who is on exactly these lists."""
    match formula:
        case Leaf(name):
            return name in lists
        case Not(of):
            return not holds(of, lists)
        case And(parts):
            return all(holds(each, lists) for each in parts)
        case Or(parts):
            return any(holds(each, lists) for each in parts)


def sides(formula: Formula) -> tuple[frozenset[str], frozenset[str]] | None:
    """What is included and excluded, where a canonical formula is just `any_but` of them."""
    included_, excluded_ = included(formula), excluded(formula)
    if included_ and formula == any_but(included_, excluded_):
        return included_, excluded_
    return None


MOST_STEPS = 2_000
"""So many cases are looked at before a question about two formulas counts as open."""


def implies(one: Formula, other: Formula) -> bool:
    """Whether nobody can be in the one and not in the other. False also where that would take too long to tell."""
    return _impossible(canonical(And((one, Not(other)))), [MOST_STEPS])


def means(one: Formula, other: Formula) -> bool:
    """Whether two formulas hold of the same people, whoever is on which list."""
    return one == other or (implies(one, other) and implies(other, one))


def possible(formula: Formula) -> bool:
    """Whether it can hold of anybody. True also where that would take too long to tell."""
    return not _impossible(canonical(formula), [MOST_STEPS])


def _impossible(formula: Formula | bool, left: list[int]) -> bool:
    """Whether it holds of nobody: a list that only helps may hold everybody, one that only hinders nobody, and of the
    others both is tried.
    """
    left[0] -= 1
    if isinstance(formula, bool) or left[0] < 0:
        return formula is False
    helping, hindering = included(formula), excluded(formula)
    mixed = helping & hindering
    if not mixed:
        return False
    pure = dict.fromkeys(helping - mixed, True) | dict.fromkeys(hindering - mixed, False)
    if pure:
        return _impossible(given(formula, pure), left)
    name = min(mixed)
    return all(_impossible(given(formula, {name: value}), left) for value in (True, False))


def given(formula: Formula, known: Mapping[str, bool]) -> Formula | bool:
    """What is left of it once it is known of some leaves whether they hold; True or False where that decides it."""
    match formula:
        case Leaf(name):
            return known.get(name, formula)
        case Not(of):
            inner = given(of, known)
            return not inner if isinstance(inner, bool) else Not(inner)
        case And(parts):
            return _joined([given(each, known) for each in parts], And, decides=False)
        case Or(parts):
            return _joined([given(each, known) for each in parts], Or, decides=True)


def _joined(parts: list[Formula | bool], kind: type[And] | type[Or], *, decides: bool) -> Formula | bool:
    if decides in parts:
        return decides
    left = tuple(each for each in parts if not isinstance(each, bool))
    return kind(left) if left else not decides


def with_one_exclusion(formula: Formula, name: str, among: Container[str]) -> tuple[Formula, tuple[str, ...]]:
    """A canonical formula in which one list stands for all lists of `among` that it excludes as a whole, with these,
    sorted; the formula itself and none where they are fewer than two.
    """
    denied = {part: _lists_of(part.of) for part in _conjuncts(formula) if isinstance(part, Not)}
    plain = {part: names for part, names in denied.items() if names and all(each in among for each in names)}
    lists = sorted({each for names in plain.values() for each in names})
    if len(lists) < 2:
        return formula, ()
    rest = (part for part in _conjuncts(formula) if part not in plain)
    return canonical(And((*rest, Not(Leaf(name))))), tuple(lists)


def _conjuncts(formula: Formula) -> tuple[Formula, ...]:
    return formula.parts if isinstance(formula, And) else (formula,)


def _lists_of(formula: Formula) -> tuple[str, ...]:
    """The lists of a formula that is one of them or any of several; none of any other."""
    parts = formula.parts if isinstance(formula, Or) else (formula,)
    names = tuple(part.name for part in parts if isinstance(part, Leaf))
    return names if len(names) == len(parts) else ()


BUILDER_LEVELS = 3
SEVERAL_EXCLUSIONS = "joins two exclusions by `and`"


def blocked_shapes(formula: Formula) -> frozenset[str]:
    """What of a canonical formula Criteo's own audience builders block (help pages of Criteo's audience builders): the
    API may take it all the same.
    """
    found = {f"has more than {BUILDER_LEVELS} levels"} if depth(formula) > BUILDER_LEVELS else set()
    return frozenset(found | set(_blocked(formula)))


def _blocked(formula: Formula) -> Iterator[str]:
    if isinstance(formula, Not):
        yield from _blocked(formula.of)
    elif isinstance(formula, And | Or):
        denied = sum(isinstance(each, Not) for each in formula.parts)
        if denied and isinstance(formula, Or):
            yield "has an exclusion inside `or`"
        if denied > 1 and isinstance(formula, And):
            yield SEVERAL_EXCLUSIONS
        for each in formula.parts:
            yield from _blocked(each)

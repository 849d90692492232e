"""A segment by itself: how many people pass each condition, and how many more would without it; all in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from reconciler.explain.answers import Funnel, Row
from reconciler.explain.clock import Moment
from reconciler.explain.conditions import Clause, Role, hidden_definition
from reconciler.explain.targets import Target, asked_of, hidden_of
from reconciler.membership.study import Studied, studying
from reconciler.model.address import Address
from reconciler.model.conditions import Condition, Everyone, Group
from reconciler.model.definition import Definition
from reconciler.model.workspace import Workspace

Step = tuple[Role, int]
"""Which member of a group: of `all`, `any` or `none`, by its number."""
_ROLES: tuple[Role, ...] = ("all", "any", "none")


def explain_segment(workspace: Workspace, targets: Sequence[Target], moment: Moment) -> tuple[Funnel, ...]:
    """The funnel of each list. Raises whatever a plan raises for data."""
    with studying(_studied(workspace, targets, moment, extra=True)) as study:
        study.look(moment.as_of)
        counts = study.count()
        sent = bool(study.lists.words)
        if sent:
            moment.report("Counting identifiers")
            study.send()
        allowed, members = (study.count_allowed(), study.count_members()) if sent else ({}, {})
        return tuple(_funnel(each, counts, allowed, members) for each in targets)


def sql_of(workspace: Workspace, targets: Sequence[Target], moment: Moment) -> str:
    """Every statement that computes the lists, or the people of a segment that is not published."""
    with studying(_studied(workspace, targets, moment, extra=False)) as study:
        study.look(moment.as_of)
        if study.lists.words:
            study.send()
        return study.sql()


def _studied(workspace: Workspace, targets: Sequence[Target], moment: Moment, *, extra: bool) -> Studied:
    roots = {each.clause.hidden: each.clause.definition for each in targets if not each.segment.publish}
    hidden = {**hidden_of(targets), **{a: d for each in targets for a, d in _more(each).items()}} if extra else roots
    return Studied(
        settings=workspace.settings,
        columns=workspace.columns,
        as_of=moment.as_of,
        hidden=MappingProxyType(hidden),
        segments=asked_of(targets),
        access=moment.access,
        report=moment.report,
    )


def _more(target: Target) -> Mapping[Address, Definition]:
    """Everybody, those who pass the first conditions together, and those who would belong without each of them."""
    condition = target.clause.condition
    found: dict[Address, Condition] = {_everyone(target): Everyone()}
    found |= {_first(target, number): first for number, first in enumerate(_firsts(condition))}
    found |= {_without(target, path): rest for path, rest in _removals(condition, target.clause)}
    return {address: hidden_definition(each, target.definition.segments) for address, each in found.items()}


def _everyone(target: Target) -> Address:
    return Address(f"{target.address}: everyone")


def _first(target: Target, number: int) -> Address:
    return Address(f"{target.address}: first {number}")


def _without(target: Target, path: str) -> Address:
    return Address(f"{target.address}: without {path}")


def _firsts(condition: Condition) -> Iterator[Condition]:
    """The first condition of a group, the first two, and so on; `any` is one."""
    if not isinstance(condition, Group):
        yield condition
        return
    for number in range(1, len(condition.all) + 1):
        yield Group(all=condition.all[:number])
    if condition.any:
        yield Group(all=condition.all, any=condition.any)
    for number in range(1, len(condition.none) + 1):
        yield Group(all=condition.all, any=condition.any, none=condition.none[:number])


def _removals(condition: Condition, clause: Clause) -> Iterator[tuple[str, Condition]]:
    """For each condition that stands in the segment itself, by its path: what remains without it."""
    for steps, inner in _inside(condition, clause, ()):
        yield inner.path, removed(condition, steps) or Everyone()


def _inside(condition: Condition, clause: Clause, above: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Clause]]:
    if not isinstance(condition, Group):
        return
    members = [(role, number) for role in _ROLES for number in range(len(_members(condition, role)))]
    for step, child in zip(members, clause.children, strict=True):
        yield (*above, step), child
        yield from _inside(_members(condition, step[0])[step[1]], child, (*above, step))


def _members(group: Group, role: Role) -> tuple[Condition, ...]:
    return {"all": group.all, "any": group.any}.get(role, group.none)


def removed(condition: Condition, steps: Sequence[Step]) -> Condition | None:
    """The condition without one of its members; a group that loses its last one goes with it."""
    if not steps or not isinstance(condition, Group):
        return None
    (role, number), *rest = steps
    parts = {each: list(_members(condition, each)) for each in _ROLES}
    inner = removed(parts[role][number], rest)
    parts[role][number : number + 1] = [] if inner is None else [inner]
    if not any(parts.values()):
        return None
    return Group(all=tuple(parts["all"]), any=tuple(parts["any"]), none=tuple(parts["none"]))


def _funnel(
    target: Target, counts: Mapping[Address, int], allowed: Mapping[Address, int], members: Mapping[Address, int]
) -> Funnel:
    segment = target.segment
    return Funnel(
        address=target.address,
        name=target.name,
        place=segment.place,
        description=segment.description,
        published=segment.publish,
        everyone=counts.get(_everyone(target), 0),
        belong=counts.get(target.clause.hidden, 0),
        rows=tuple(_rows(target, counts)),
        allowed=allowed.get(target.address, 0) if segment.publish else None,
        identifiers=members.get(target.address, 0) if segment.publish else None,
    )


def _rows(target: Target, counts: Mapping[Address, int]) -> Iterator[Row]:
    clause, belong = target.clause, counts.get(target.clause.hidden, 0)
    if not isinstance(clause.condition, Group):
        yield from _below(clause, 0, target, counts, left=belong)
        return
    of_any = [each for each in clause.children if each.role == "any"]
    number = 0
    for child in clause.children:
        told = child.role != "any" or child is of_any[-1]
        left = counts.get(_first(target, number), 0) if told else None
        number += told
        yield from _below(child, 0, target, counts, left=left)


def _below(
    clause: Clause, depth: int, target: Target, counts: Mapping[Address, int], *, left: int | None = None
) -> Iterator[Row]:
    without = _without(target, clause.path)
    own = without in counts
    yield Row(
        clause=clause,
        depth=depth,
        alone=counts.get(clause.hidden, 0),
        left=left,
        without=counts.get(without, 0) - counts.get(target.clause.hidden, 0) if own else None,
    )
    for child in clause.children:
        yield from _below(child, depth + 1, target, counts)

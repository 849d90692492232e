"""One person and an audience: which lists bring her in, and which hold her out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.config.names import audience_name
from reconciler.desired import resolve
from reconciler.errors import Usage
from reconciler.explain.answers import Exclusion, InAudience, Reach
from reconciler.explain.clock import Aim, Clock, Moment, clocks
from reconciler.explain.person import standings
from reconciler.explain.targets import Target, asked_of, targets_of
from reconciler.membership.finding import Sought
from reconciler.membership.study import Studied, studying
from reconciler.model.address import Address, audience_address, exclusions_address
from reconciler.model.algebra import any_but, bare, holds, sides
from reconciler.model.settings import Place
from reconciler.model.time import Period
from reconciler.model.workspace import AudienceConfig, Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Aimed:
    """An audience with the lists that decide, or the list that stands for all that an audience excludes, as if it were
    an audience of any of them: `is_list`.
    """

    aim: Aim
    name: str
    place: Place
    description: str | None = None
    ad_sets: tuple[str, ...] = ()
    active: Period | None = None
    is_list: bool = False


def aimed_at(workspace: Workspace, audience: AudienceConfig) -> Aimed:
    """An audience, with what is excluded always."""
    return Aimed(
        aim=aim_of(workspace, audience),
        name=audience_name(audience),
        place=audience.place,
        description=audience.description,
        ad_sets=audience.ad_sets,
        active=audience.active,
    )


def aimed_at_exclusions(audience: AudienceConfig, lists: Iterable[Address]) -> Aimed:
    """The list that stands for all these: whoever is on any of them is on it."""
    address = exclusions_address(audience.key)
    aim = Aim(address=address, include=frozenset(lists), exclude=frozenset(), formula=any_but(lists, ()))
    return Aimed(aim=aim, name=f"{audience.key} (exclusions)", place=audience.place, is_list=True)


def aim_of(workspace: Workspace, audience: AudienceConfig) -> Aim:
    address = audience_address(audience.key)
    desired = resolve(workspace)
    wanted = next(each for each in desired.audiences if each.address == address)
    targets = desired.targets(wanted)
    if targets is None:
        raise Usage(
            "Only Criteo knows who is in this audience.",
            f"{address} is decided by Criteo's own segments: none of our lists brings anybody in.",
            "Explain the lists themselves, by `segment.KEY`.",
        )
    include, exclude = frozenset(targets.include), frozenset(targets.exclude)
    beyond = tuple(sorted({*wanted.include, *wanted.exclude} - include - exclude - desired.addresses))
    return Aim(address=address, include=include, exclude=exclude, formula=targets.formula, beyond=beyond)


def _algebra(aim: Aim) -> str | None:
    """Its formula, where it is more than any of some lists and none of others."""
    return bare(aim.formula) if sides(aim.formula) is None else None


def targets_of_aim(workspace: Workspace, aim: Aim) -> tuple[Target, ...]:
    """Every list that is included or excluded."""
    wanted = aim.include | aim.exclude
    keys = sorted({each.split(".")[1] for each in wanted})
    return tuple(target for key in keys for target in targets_of(workspace, key) if target.address in wanted)


def explain_in_audience(workspace: Workspace, aimed: Aimed, sought: Sought, moment: Moment) -> tuple[InAudience, ...]:
    """Everybody whom a key or an identifier means, in one audience. Raises NotFound where that is nobody."""
    targets = targets_of_aim(workspace, aimed.aim)
    return tuple(
        _explained(clock, workspace, aimed, moment) for clock in clocks(workspace, targets, sought, moment, aimed.aim)
    )


def _explained(clock: Clock, workspace: Workspace, aimed: Aimed, moment: Moment) -> InAudience:
    as_of, aim = moment.as_of, aimed.aim
    case, turns = clock.full(as_of), clock.turns(as_of)
    lists = [each.sent_to for each in case.identifiers]
    included = [each for each in lists if each & aim.include]
    active, zone = aimed.active, workspace.settings.time_zone
    where = {
        wanted: standings(clock, [each for each in clock.targets if each.address in wanted], as_of, turns)
        for wanted in (aim.include, aim.exclude)
    }
    return InAudience(
        address=aim.address,
        name=aimed.name,
        algebra=_algebra(aim),
        beyond=aim.beyond,
        place=aimed.place,
        is_list=aimed.is_list,
        as_of=as_of,
        holders=clock.holders,
        records=case.records,
        reached=aim.reaches(lists),
        identifiers=len(lists),
        included=len(included),
        held_out=_held_out(included, aim),
        linked=bool(aimed.ad_sets),
        in_period=None if active is None else active.holds(as_of, zone),
        include=where[aim.include],
        exclude=where[aim.exclude],
        turned=clock.turn(clock.targets, turns[0].at.get(aim.address)),
        turns=clock.turn(clock.targets, turns[1].at.get(aim.address)),
        predictable=clock.predictable,
        looked=(turns[0].until, turns[1].until),
    )


def _held_out(included: Iterable[frozenset[Address]], aim: Aim) -> Mapping[Address, int]:
    """How many of the identifiers that are included and not reached each excluded list holds."""
    found = [address for each in included if not holds(aim.formula, each) for address in each & aim.exclude]
    return {address: found.count(address) for address in sorted(set(found))}


def explain_audience(workspace: Workspace, aimed: Aimed, moment: Moment) -> Reach:
    """An audience by itself, in identifiers. Raises whatever a plan raises for data."""
    aim = aimed.aim
    targets = targets_of_aim(workspace, aim)
    studied = Studied(
        settings=workspace.settings,
        columns=workspace.columns,
        as_of=moment.as_of,
        hidden={},
        segments=asked_of(targets),
        access=moment.access,
        report=moment.report,
    )
    with studying(studied) as study:
        study.look(moment.as_of)
        study.send()
        counts, reached = study.count_members(), study.count_reach(aim.formula)
    names = {each.address: each.name for each in targets}
    active = aimed.active
    return Reach(
        address=aim.address,
        name=aimed.name,
        algebra=_algebra(aim),
        beyond=aim.beyond,
        place=aimed.place,
        is_list=aimed.is_list,
        description=aimed.description,
        ad_sets=aimed.ad_sets,
        in_period=None if active is None else active.holds(moment.as_of, workspace.settings.time_zone),
        include=tuple((each, names[each], counts.get(each, 0)) for each in sorted(aim.include)),
        included=reached.included,
        exclude=tuple(
            Exclusion(address=each, name=names[each], members=counts.get(each, 0), held_out=taken, alone=alone)
            for each, (taken, alone) in reached.takes.items()
        ),
        left=reached.left,
    )

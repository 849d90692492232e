"""One person whose clock is moved: where she belongs at an instant, and everything about her there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.errors import NotFound
from reconciler.explain.answers import Turn
from reconciler.explain.fates import Case, belongs, cases_of, in_period
from reconciler.explain.targets import Target, asked_of, hidden_of
from reconciler.explain.timeline import NEVER, Turns, last_turns, next_turns
from reconciler.membership.fates import lists_of_identifiers
from reconciler.membership.finding import Sought, fault_of, find, narrowed
from reconciler.membership.instants import TICK, instants, reads_the_clock_itself
from reconciler.membership.study import Studied, Study, studying
from reconciler.model.address import Address
from reconciler.model.algebra import Formula, holds
from reconciler.model.settings import EngineAccess, Settings
from reconciler.model.workspace import Workspace

MOST_PEOPLE = 5
"""So many persons who hold the identifier that was asked for are explained; more would be a list, not an answer."""

Verdicts = Mapping[Address, bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """When it is asked; `access` is how an engine of its own is reached, `report` hears what is being done."""

    as_of: dt.datetime
    access: EngineAccess
    report: Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Aim:
    """What an audience is to a person: reached by an identifier of which its formula holds. `include` are the lists
    that bring in, `exclude` those that keep out. In the segments of `beyond` nobody is taken to be: Criteo alone knows.
    """

    address: Address
    include: frozenset[Address]
    exclude: frozenset[Address]
    formula: Formula
    beyond: tuple[Address, ...] = ()

    def reaches(self, identifiers: Sequence[frozenset[Address]]) -> bool:
        """Whether it does; each identifier by its lists."""
        return any(holds(self.formula, each) for each in identifiers)


@dataclass(slots=True)
class Clock:
    """A study of one person, one of so many `holders` of what was asked for; what was seen at an instant is kept."""

    study: Study
    targets: Sequence[Target]
    person: str
    holders: int
    aim: Aim | None = None
    _states: dict[frozenset[tuple[object, ...]], Verdicts] = field(default_factory=dict)
    _cases: dict[dt.datetime, Case] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """The workspace's."""
        return self.study.opened.request.settings

    def full(self, as_of: dt.datetime) -> Case:
        """Everything about the person at an instant."""
        if as_of not in self._cases:
            self._cases[as_of] = cases_of(self.study, as_of)[self.person]
        return self._cases[as_of]

    def belongs(self, case: Case) -> Verdicts:
        """Where she belongs, by what is known of her in full."""
        return self._verdicts([each.sent_to for each in case.identifiers], case.standing.meets)

    def state(self, as_of: dt.datetime) -> Verdicts:
        """Where she belongs at an instant."""
        if not all(each.segment.publish for each in self.targets):
            return self.belongs(self.full(as_of))
        self.study.look(as_of, hidden=False)
        words = self.study.words()
        if words not in self._states:
            self.study.send()
            self._states[words] = self._verdicts(lists_of_identifiers(self.study).get(self.person, ()), frozenset())
        return self._states[words]

    def turns(self, as_of: dt.datetime) -> tuple[Turns, Turns]:
        """Since when she is where she is, and when that changes next."""
        self.study.opened.request.report("Moving the clock")
        if not self.predictable:
            return NEVER, NEVER
        now = self.belongs(self.full(as_of))
        inside = {each: True for each, held in now.items() if held}
        ahead = inside | self._about_aim(now) if self.aim else now
        return (
            last_turns(self.state, inside, self._moments(inside), as_of),
            next_turns(self.state, ahead, self._moments(ahead), as_of),
        )

    def _about_aim(self, now: Verdicts) -> dict[Address, bool]:
        """Of an audience it matters when its lists let go, and when it takes in whom one of them brings."""
        included = self.aim is not None and any(now[each] for each in self.aim.include)
        return {self.aim.address: now[self.aim.address]} if self.aim is not None and included else {}

    def _moments(self, asked: Collection[Address]) -> tuple[dt.datetime, ...]:
        """The instants at which one of these can change: an audience at those of all its lists."""
        everything = self.aim is not None and self.aim.address in asked
        told = [each.definition for each in self.targets if everything or each.address in asked]
        return instants(self.study, told)

    def turn(self, targets: Sequence[Target], at: dt.datetime | None) -> Turn | None:
        """What is otherwise right before an instant and at it, as far as some of the targets are concerned."""
        if at is None:
            return None
        before, after = self.full(at - TICK), self.full(at)
        told = [each for target in targets for each in self._changes(target, before, after)]
        return Turn(at=at, why=tuple(dict.fromkeys(told)) or (_ANOTHER,))

    def _changes(self, target: Target, before: Case, after: Case) -> Iterator[str]:
        changed = before.standing.meets ^ after.standing.meets
        for leaf in (each for each in target.clause.walk() if each.is_leaf and each.hidden in changed):
            yield f"{leaf.text}: {'holds from then on' if leaf.hidden in after.standing.meets else 'no longer holds'}"
        then, now = (in_period(target, case.as_of, self.settings) for case in (before, after))
        if then != now:
            yield f"the segment's period {'begins' if now else 'is over'}"

    def _verdicts(self, identifiers: Sequence[frozenset[Address]], meets: frozenset[Address]) -> Verdicts:
        sent = frozenset[Address]().union(*identifiers)
        aimed = {self.aim.address: self.aim.reaches(identifiers)} if self.aim else {}
        return aimed | {each.address: belongs(each, sent, meets) for each in self.targets}

    @property
    def predictable(self) -> bool:
        """Whether the instants at which something can change are known."""
        return not reads_the_clock_itself(each.definition for each in self.targets)


_ANOTHER = "what changes is another holder of the same identifier"


def clocks(
    workspace: Workspace, targets: Sequence[Target], sought: Sought, moment: Moment, aim: Aim | None = None
) -> Generator[Clock]:
    """The clock of everybody whom a key or an identifier means, one after the other. Raises NotFound where that is
    nobody, and whatever a plan raises for data.
    """
    studied = Studied(
        settings=workspace.settings,
        columns=workspace.columns,
        as_of=moment.as_of,
        hidden=hidden_of(targets),
        segments=asked_of(targets),
        access=moment.access,
        report=moment.report,
    )
    with studying(studied) as study:
        moment.report("Looking for the person")
        persons = find(study, sought)
        if not persons:
            raise _not_found(study, sought)
        for person in persons[:MOST_PEOPLE]:
            find(study, Sought(value=person))
            yield Clock(narrowed(study), targets, person, len(persons), aim)


def _not_found(study: Study, sought: Sought) -> NotFound:
    customers = study.opened.relations.source.customers
    if sought.type is None:
        return NotFound("No customer has this key.", f"Looked at `{customers.key}` of the customers.", _HINT)
    columns = [f"`{each.column}`" for each in customers.identifiers if each.type == sought.type]
    if not columns:
        return NotFound("The customers have no such identifiers.", f"No column holds type {sought.type}.", _HINT)
    why = fault_of(study, sought)
    told = f" It is not valid ({why.value.replace('_', ' ')}), so that nobody can hold it." if why else ""
    return NotFound("No customer holds this identifier.", f"Looked at {', '.join(columns)}, cleaned.{told}", _HINT)


_HINT = "Look for the customer by --key, or by another identifier; nothing of what you typed was kept."


def identifying(settings: Settings) -> frozenset[str]:
    """The columns that hold identifiers, or the key: never shown, whatever is in them."""
    source = settings.source
    identifiers = (*source.customers.identifiers, *(each for events in source.events for each in events.identifiers))
    keys = (source.customers.key, *(events.customer for events in source.events))
    return frozenset((*keys, *(each.column for each in identifiers)))

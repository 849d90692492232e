"""What tests ask of membership: for each expectation the lists that answer it, and the segments that have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.config.meaning import definition_of
from reconciler.config.names import slice_names
from reconciler.desired import Desired, resolve
from reconciler.membership.tables import owners
from reconciler.membership.trial import Shape
from reconciler.model.address import Address, segment_address
from reconciler.model.membership import AskedSegment
from reconciler.model.tests import Answer, Expectation, Rows, TestConfig
from reconciler.model.workspace import SegmentConfig, Workspace

Given = Mapping[str, Rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """The workspace that is tested, and what it comes to."""

    workspace: Workspace
    desired: Desired
    segments: Mapping[str, SegmentConfig]

    @classmethod
    def of(cls, workspace: Workspace) -> Meaning:
        """Resolve a workspace."""
        segments = {segment.key: segment for segment in workspace.segments}
        return cls(workspace=workspace, desired=resolve(workspace), segments=segments)

    def asked(self, expectations: Iterable[Expectation]) -> tuple[AskedSegment, ...]:
        """The segments that answer some expectations, each once."""
        found: dict[str, AskedSegment] = {}
        for expectation in expectations:
            for segment in self._asked(expectation):
                found.setdefault(segment.key, segment)
        return tuple(found.values())

    def found(self, expectation: Expectation, answer: Answer, test: TestConfig) -> frozenset[str]:
        """The persons who belong to what an expectation is about."""
        if expectation.audience:
            return self._reached(expectation.key, answer, test)
        addresses = self.addresses(expectation)
        if expectation.sent:
            return answer.reached(addresses)
        return frozenset[str]().union(*(answer.who[address] for address in addresses))

    def addresses(self, expectation: Expectation) -> tuple[Address, ...]:
        """The lists of a segment that an expectation is about."""
        segment = self.segments[expectation.key]
        parts = (expectation.slice,) if expectation.slice else slice_names(segment)
        make = segment_address if expectation.sent or _is_sent_whole(segment) else _who_address
        return tuple(make(expectation.key, part) for part in parts)

    def _asked(self, expectation: Expectation) -> Iterator[AskedSegment]:
        if expectation.audience:
            audience = next(each for each in self.desired.audiences if each.key == expectation.key)
            lists = {*audience.include, *audience.exclude}
            keys = [each.key for each in self.desired.segments if lists & {found.address for found in each.lists}]
            yield from (self._sent(key) for key in keys)
        elif expectation.sent or _is_sent_whole(self.segments[expectation.key]):
            yield self._sent(expectation.key)
        else:
            yield self._who(expectation.key)

    def _sent(self, key: str) -> AskedSegment:
        segment = next(each for each in self.desired.segments if each.key == key)
        lists = tuple((each.address, each.slice) for each in segment.lists)
        return AskedSegment(key=f"sent {key}", lists=lists, wanted=segment.definition)

    def _who(self, key: str) -> AskedSegment:
        """Its people alone: as if it were no matter who has consented, and when."""
        segment = self.segments[key]
        definition = replace(definition_of(segment, self.segments), suppression=True, active=None)
        lists = tuple((_who_address(key, part), part) for part in slice_names(segment))
        return AskedSegment(key=f"who {key}", lists=lists, wanted=definition)

    def _reached(self, key: str, answer: Answer, test: TestConfig) -> frozenset[str]:
        audience = next(each for each in self.desired.audiences if each.key == key)
        if audience.active is not None and not audience.active.holds(test.as_of, self.desired.settings.time_zone):
            return frozenset()
        return answer.targeted(audience.formula)

    def shape(self, tests: Iterable[TestConfig]) -> Shape:
        """The columns of each table: all that the workspace names, and all that some test gives."""
        sources = tuple(owners(self.desired.settings.source))
        shape: dict[str, dict[str, bool]] = {owner: {} for owner in ("customers", *sources)}
        for owner, column in self.workspace.columns:
            for each in sources if owner == "events" else (owner,):
                shape[each].setdefault(column, False)
        for owner, rows in ((owner, rows) for test in tests for owner, rows in test.given.items()):
            for column in rows.columns:
                is_list = any(isinstance(value, tuple) for value in rows.column(column))
                shape[owner][column] = is_list or shape[owner].get(column, False)
        return shape


def _is_sent_whole(segment: SegmentConfig) -> bool:
    """Whether the lists that are sent tell of its people too: of all that are sent and have no period they do."""
    return segment.publish and segment.active is None


def _who_address(key: str, part: str | None) -> Address:
    return Address(f"who of {segment_address(key, part)}")

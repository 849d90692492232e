"""Which conditions decided about the people of a failed test: asked of explain, on the rows of the test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from reconciler.explain.answers import Standing
from reconciler.explain.audience import aim_of, targets_of_aim
from reconciler.explain.clock import Aim, Clock, Moment, clocks
from reconciler.explain.person import standings
from reconciler.explain.targets import targets_of
from reconciler.membership.finding import Sought
from reconciler.membership.tables import owners
from reconciler.membership.trial import Shape, write_tables
from reconciler.model.address import Address
from reconciler.model.algebra import holds
from reconciler.model.conditions import Keys
from reconciler.model.reads import leaves_of
from reconciler.model.settings import EngineAccess, Settings, Table
from reconciler.model.tests import Expectation, TestConfig
from reconciler.model.workspace import Workspace
from reconciler.testing.verdicts import Failure, Why

MOST = 3
"""So many people are explained of one failure: the others are mostly there, or not, for the same reasons."""


def explained(workspace: Workspace, test: TestConfig, failure: Failure, shape: Shape) -> Failure:
    """The failure with what decided about the first of its people."""
    people = [(key, False) for key in failure.missing] + [(key, True) for key in failure.unexpected]
    if failure.expectation.members is None:
        people = [(key, True) for key in failure.there]
    with written(workspace, test, shape) as there:
        told = [_why(there, test, failure.expectation, key, belongs=belongs) for key, belongs in people[:MOST]]
    return replace(failure, why=tuple(told))


def _why(workspace: Workspace, test: TestConfig, expectation: Expectation, key: str, *, belongs: bool) -> Why:
    moment = Moment(as_of=test.as_of, access=EngineAccess(), report=lambda _: None)
    aim = _aim(workspace, expectation)
    targets = targets_of_aim(workspace, aim) if aim else targets_of(workspace, expectation.key, expectation.slice)
    with closing(clocks(workspace, targets, Sought(value=key), moment, aim)) as people:
        clock = next(people)
        found = standings(clock, clock.targets, test.as_of)
        included, held_out = _of_audience(clock, aim, test) if aim else (None, ())
    return Why(
        key=key,
        belongs=belongs,
        as_of=test.as_of,
        standings=_telling(found, aim, belongs=belongs),
        included=included,
        held_out=held_out,
    )


def _aim(workspace: Workspace, expectation: Expectation) -> Aim | None:
    if not expectation.audience:
        return None
    return aim_of(workspace, next(each for each in workspace.audiences if each.key == expectation.key))


def _of_audience(clock: Clock, aim: Aim, test: TestConfig) -> tuple[int, tuple[Address, ...]]:
    lists = [each.sent_to & (aim.include | aim.exclude) for each in clock.full(test.as_of).identifiers]
    included = [each for each in lists if each & aim.include]
    held_out = [each & aim.exclude for each in included if not holds(aim.formula, each)]
    return len(included), tuple(sorted(frozenset[Address]().union(*held_out)))


def _telling(found: Sequence[Standing], aim: Aim | None, *, belongs: bool) -> tuple[Standing, ...]:
    """The lists that tell it: those that hold somebody out or bring her in, else those that could."""
    if aim is not None:
        excluding = [each for each in found if each.address in aim.exclude and each.belongs]
        including = [each for each in found if each.address in aim.include]
        bringing = [each for each in including if each.belongs]
        return tuple((bringing if belongs else excluding and bringing and excluding) or bringing or including)
    meant = [each for each in found if each.judged.holds]
    return tuple(meant or found[:1])


@contextmanager
def written(workspace: Workspace, test: TestConfig, shape: Shape) -> Iterator[Workspace]:
    """The workspace on the rows of a test, as files of a folder that goes again."""
    with tempfile.TemporaryDirectory(prefix="reconciler-test-") as folder:
        root = Path(folder)
        _copy_keys(workspace, root)
        names = write_tables(root, workspace.settings.source, shape, test.given)
        yield replace(workspace, settings=_settings(workspace.settings, root, names))


def _copy_keys(workspace: Workspace, root: Path) -> None:
    for segment in workspace.segments:
        for leaf in leaves_of(segment.condition):
            if isinstance(leaf, Keys) and (workspace.settings.root / leaf.file).is_file():
                (root / leaf.file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(workspace.settings.root / leaf.file, root / leaf.file)


def _settings(settings: Settings, root: Path, names: Mapping[str, str]) -> Settings:
    source = settings.source
    customers = replace(source.customers, table=_table(source.customers.table, names["customers"]))
    events = tuple(replace(each, table=_table(each.table, names[owner])) for owner, each in owners(source).items())
    return replace(settings, root=root, source=replace(source, engine="duckdb", customers=customers, events=events))


def _table(table: Table, name: str) -> Table:
    return replace(table, name=name, query=None)

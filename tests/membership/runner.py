"""Run packs of cases on any engine and compare every case with its own brute force.

An engine joins with a function that stores the tables of `Data` (their names as they stand, their types in DuckDB's
words) and answers the settings of a workspace over them, see `worlds.declared`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from reconciler.errors import SourceInvalid
from reconciler.membership.session import Session, open_session
from reconciler.model.address import Address
from reconciler.model.membership import LeftOut
from reconciler.model.moves import Moves
from reconciler.model.settings import EngineAccess, Settings
from tests.membership import health_runner, packs, worlds
from tests.membership.brute import Brute, Found
from tests.membership.packs import Case, Pack
from tests.membership.sources import CASE, FILES, Data, FeedShape, Rows
from tests.membership.worlds import AS_OF

Load = Callable[[Data, Path], Settings]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where packs run. `endings` are those of its files, or one empty for tables that stand in the engine itself; their
    names begin with `prefix`. `unfold` puts the rows into a ledger's file whose rows have stayed with the engine.
    """

    load: Load
    endings: Sequence[str]
    prefix: str = ""
    unfold: Callable[[Path], None] = lambda _: None
    access: EngineAccess = field(default_factory=EngineAccess)


def load_files(data: Data, folder: Path) -> Settings:
    """Write the tables as files for DuckDB."""
    tables = (data.customers, *data.events)
    for table in tables:
        worlds.write(folder / f"{table.name}{data.ending}", table.rows, table.types)
    first, *others = [f"{table.name}{data.ending}" for table in tables]
    return worlds.declared(folder, data.world, first, others)


DUCKDB = Place(load=load_files, endings=FILES)


@contextmanager
def opened(place: Place, pack: Pack) -> Iterator[Session]:
    """A session that computes every case of a pack."""
    data = pack.data()
    with workspace(pack) as root:
        asked = [segment for case in pack.cases for segment in case.asked]
        asks = worlds.request(place.load(data, root), asked, read=columns(pack))
        with open_session(replace(asks, access=place.access)) as session:
            yield session


@contextmanager
def workspace(pack: Pack) -> Iterator[Path]:
    """A folder with the files of keys."""
    folder = Path(tempfile.mkdtemp())
    try:
        for case in pack.cases:
            for name, keys in case.files.items():
                (folder / name).write_text("\n".join(("key", *keys)) + "\n", encoding="utf-8")
        yield folder
    finally:
        shutil.rmtree(folder)


def columns(pack: Pack) -> list[tuple[str, str]]:
    """What conditions may name."""
    of_customers = [("customers", name) for name in (*pack.shape.customers, CASE)]
    return of_customers + [("events", name) for name in pack.shape.properties()]


# ---------------------------------------------------------------------------------------------- members


@dataclass(frozen=True)
class Told:
    """One list: who is on it, and how many are not and why."""

    members: frozenset[Found]
    left_out: dict[LeftOut, int]


def expected(brute: Brute, case: Case) -> list[Told]:
    """By plain loops."""
    out = []
    for segment in case.asked:
        assert segment.wanted is not None
        lists = brute.lists(segment.wanted, AS_OF)
        out += [Told(lists[part], brute.left_out(segment.wanted, part, AS_OF)) for _, part in segment.lists]
    return out


def found(session: Session, pack: Pack) -> list[list[Told]]:
    """The lists of every case by the engine; its figures are those of what it sends."""
    moves = session.decide(worlds.everything(session.membership.lists))
    return [[_found(session, moves, address) for address in case.addresses] for case in pack.cases]


def _found(session: Session, moves: Moves, address: Address) -> Told:
    told, (added, removed) = session.membership.lists[address], worlds.moved(moves, address)
    assert (told.before, told.wanted, told.added, removed) == (0, len(added), len(added), frozenset())
    return Told(added, dict(told.left_out))


@dataclass(frozen=True)
class Wrong:
    """A case that differs, and how."""

    case: Case
    how: str


def differing(place: Place, pack: Pack) -> list[Wrong]:
    """The cases of a pack that the engine sees otherwise."""
    with opened(place, pack) as session:
        told, health = found(session, pack), session.membership.health
    wrong = []
    for case, lists in zip(pack.cases, told, strict=True):
        wanted = expected(Brute(pack.data_of(case).world), case)
        if lists != wanted:
            wrong.append(Wrong(case, f"expected {wanted}\n  got      {lists}"))
    how = health_runner.difference(pack, health)
    return [*wrong, Wrong(blamed(place, pack), how)] if how else wrong


def blamed(place: Place, pack: Pack) -> Case:
    """The first case that differs by itself, or else the first."""
    alone = (case for case in pack.cases if len(pack.cases) > 1 and differs(place, differing, pack.alone(case)))
    return next(alone, pack.cases[0])


# ---------------------------------------------------------------------------------------------- the run


Check = Callable[[Place, Pack], list[Wrong]]


@dataclass
class Run:
    """How many cases ran, and those that differ, each shown small."""

    ran: int = 0
    wrong: list[str] = field(default_factory=list)


def run(place: Place, check: Check, seed: str, cases: int, *, size: int = 30, past: bool = False) -> Run:
    """Run so many cases in packs, and show the first few that differ."""
    out = Run()
    while out.ran < cases and len(out.wrong) < 3:
        count = min(size, cases - out.ran)
        pack = packs.draw_pack(f"{seed}-{out.ran}", count, place.endings, place.prefix, past=past)
        out.wrong += [shown(place, check, pack, case) for case in check(place, pack)[:3]]
        out.ran += len(pack.cases)
    return out


def shown(place: Place, check: Check, pack: Pack, wrong: Wrong) -> str:
    """A case that differs, alone and made small; all its data is made up."""
    case, together = wrong.case, ""
    if differs(place, check, pack.alone(case)):
        case = smaller(place, check, pack.alone(case)).cases[0]
        wrong = check(place, pack.alone(case))[0]
    else:
        together = "It differs only among the others of its pack. "
    shape = replace(pack.shape, customers={}, feeds=())
    versions = [(each.key, each.wanted, each.applied) for each in case.asked]
    definitions = [(key, *(each and each.to_dict() for each in told)) for key, *told in versions]
    feeds = [f"{feed.declared}\n    " + "\n    ".join(map(str, rows)) for feed, rows in _by_feed(pack, case)]
    lines = [f"{together}Case {case.number} of the pack {pack.seed}: {shape}", *map(json.dumps, definitions)]
    return "\n  ".join([*lines, *map(str, case.rows.customers), *feeds, str(case.files), wrong.how])


def _by_feed(pack: Pack, case: Case) -> Iterator[tuple[FeedShape, Rows]]:
    yield from zip(pack.shape.feeds, case.rows.events, strict=True)


def differs(place: Place, check: Check, pack: Pack) -> bool:
    """Whether a case alone differs; a JSON file without a row is no source."""
    try:
        return bool(check(place, pack))
    except SourceInvalid:
        return False


def smaller(place: Place, check: Check, pack: Pack) -> Pack:
    """Leave out segments and rows as long as the case still differs; a few dozen tries."""
    tries = 60
    (case,) = pack.cases
    found = True
    while found and tries:
        found = False
        for one in _shrunk(case):
            tries -= 1
            if tries <= 0:
                break
            if differs(place, check, pack.alone(one)):
                case, found = one, True
                break
    return pack.alone(case)


def _shrunk(case: Case) -> Iterator[Case]:
    for n in range(len(case.asked)):
        if len(case.asked) > 1:
            yield case.asking(case.asked[:n] + case.asked[n + 1 :])
    rows = case.rows
    for feed, told in enumerate(rows.events):
        for span in _spans(len(told)):
            left = (*rows.events[:feed], told[: span.start] + told[span.stop :], *rows.events[feed + 1 :])
            yield replace(case, rows=replace(rows, events=left))
    for span in _spans(len(rows.customers)):
        yield replace(case, rows=replace(rows, customers=rows.customers[: span.start] + rows.customers[span.stop :]))


def _spans(count: int) -> Iterator[range]:
    """Halves first, then single rows."""
    if count > 2:
        yield range(count // 2)
        yield range(count // 2, count)
    yield from (range(n, n + 1) for n in range(count))

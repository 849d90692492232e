"""Random definitions on random data: every list equals what plain loops over the rows say."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.membership.ledger import DoubtFile, LedgerFiles
from reconciler.membership.session import open_session
from reconciler.model.address import Address, segment_address
from reconciler.model.definition import Definition
from reconciler.model.identifiers import Moves
from reconciler.model.membership import AskedSegment, ListMembership, Movement
from reconciler.state.snapshot import SourceCounts
from tests.membership import strategies, worlds
from tests.membership.brute import Brute, identifier, in_utc
from tests.membership.brute_moves import Judge, counted, kinds_of
from tests.membership.strategies import Data
from tests.membership.worlds import AS_OF

CASES = int(os.environ.get("MEMBERSHIP_CASES", "40"))
READ = [(owner, column) for owner, columns in strategies.COLUMNS.items() for column in columns]
quietly = settings(max_examples=CASES, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))


@contextmanager
def on_disk(data: Data) -> Iterator[Path]:
    """A workspace's folder that holds the source."""
    folder = Path(tempfile.mkdtemp())
    try:
        worlds.write(folder / f"customers{data.ending}", data.world.customers, data.customers)
        worlds.write(folder / f"events{data.ending}", data.world.events, data.events)
        yield folder
    finally:
        shutil.rmtree(folder)


def lists_of(key: str, *definitions: Definition | None) -> tuple[tuple[Address, str | None], ...]:
    """The lists of all versions of a definition."""
    parts: dict[str | None, None] = {}
    for definition in definitions:
        if definition is not None:
            parts.update(dict.fromkeys(each.name for each in definition.who.slices))
            parts.update({} if definition.who.slices else {None: None})
    return tuple((segment_address(key, part), part) for part in parts)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Data, list[Definition]]:
    """A source and the definitions asked of it."""
    bounds = draw(st.sampled_from([strategies.EVEN, strategies.ODD, strategies.FAR]))
    helpers = draw(strategies.helper_segments(bounds))
    some = st.lists(strategies.definitions(bounds, helpers), min_size=1, max_size=6)
    return draw(strategies.sources(bounds)), draw(some)


@quietly
@given(questions())
def test_every_list_holds_who_the_language_says(case: tuple[Data, list[Definition]]) -> None:
    """Members and the persons left out equal those of plain loops, whatever the format, types and definitions."""
    data, definitions = case
    asked = [
        AskedSegment(key=f"s{number}", lists=lists_of(f"s{number}", definition), wanted=definition)
        for number, definition in enumerate(definitions)
    ]
    brute = Brute(data.world)
    with on_disk(data) as root:
        made = worlds.settings(root, data.world, customers=f"customers{data.ending}", events=f"events{data.ending}")
        with open_session(worlds.request(made, asked, read=READ)) as session:
            moves = session.decide(worlds.everything(session.membership.lists))
            for segment in asked:
                assert segment.wanted is not None
                expected = brute.lists(segment.wanted, AS_OF)
                for address, part in segment.lists:
                    told = session.membership.lists[address]
                    assert worlds.sent(moves, address) == (expected[part], frozenset()), segment.wanted.to_dict()
                    assert (told.before, told.wanted, told.added) == (0, len(expected[part]), len(expected[part]))
                    assert told.left_out == brute.left_out(segment.wanted, part, AS_OF), segment.wanted.to_dict()


NOW = {"view": 60, "cart": 1440, "buy": 4320, "*": 240}
BEFORE = AS_OF - dt.timedelta(hours=6)
LONG_AGO = AS_OF - dt.timedelta(days=2)
GHOSTS = frozenset(identifier(f"ghost{number}@example.com") or "" for number in range(2))
KNOWN = sorted(GHOSTS | {found for raw in strategies.ADDRESSES if (found := identifier(raw))})
some_known = st.frozensets(st.sampled_from(KNOWN))


@dataclass(frozen=True)
class History:
    """What the ledger says, what is in doubt, and how the source was when it was last looked at."""

    asked: list[AskedSegment]
    bits: dict[Address, int]
    base: dict[Address, frozenset[str]]
    later: list[dict[Address, frozenset[str]]]
    doubt_bits: dict[Address, int]
    doubted: dict[Address, frozenset[str]]
    undone: dict[Address, frozenset[str]]
    fresh_within: tuple[tuple[str, int], ...]
    before: SourceCounts | None

    @property
    def doubtful(self) -> dict[Address, frozenset[str]]:
        """What is in doubt, whichever way it was to go."""
        return {address: self.doubted[address] | self.undone[address] for address in self.bits}

    @property
    def held(self) -> dict[Address, frozenset[str]]:
        """What the ledger holds in the end."""
        out = dict(self.base)
        for delta in self.later:
            rows = set().union(*delta.values())
            out = {address: (values - rows) | delta[address] for address, values in out.items()}
        return out


@st.composite
def segments(draw: st.DrawFn, bounds: Sequence[int], number: int) -> AskedSegment:
    """A segment with a wanted and an applied definition, which may be the same, and either may be missing."""
    helpers = draw(strategies.helper_segments(bounds))
    wanted = draw(strategies.definitions(bounds, helpers))
    other = draw(strategies.definitions(bounds, draw(strategies.helper_segments(bounds))))
    versions: list[tuple[Definition | None, Definition | None]] = [
        *[(wanted, wanted)] * 2,
        *[(wanted, other)] * 2,
        (wanted, None),
        (None, other),
    ]
    now, then = draw(st.sampled_from(versions))
    return AskedSegment(
        key=f"s{number}",
        lists=lists_of(f"s{number}", now, then),
        wanted=now,
        applied=then,
        applied_as_of=draw(st.sampled_from([BEFORE, LONG_AGO])) if then is not None else None,
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[Data, History]:
    """A source with a past."""
    bounds = draw(st.sampled_from([strategies.EVEN, strategies.ODD]))
    asked = [draw(segments(bounds, number)) for number in range(draw(st.integers(1, 3)))]
    addresses = [address for segment in asked for address, _ in segment.lists]
    places = st.lists(st.integers(0, 130), min_size=len(addresses), max_size=len(addresses), unique=True)
    held = st.fixed_dictionaries(dict.fromkeys(addresses, some_known))
    counts = st.builds(SourceCounts, customers=st.just(4), events=st.just(6), valid_identifiers=st.just(3))
    limits = st.lists(st.sampled_from(sorted(NOW.items())), max_size=2, unique=True).map(tuple)
    return draw(strategies.sources(bounds)), History(
        asked=asked,
        bits=dict(zip(addresses, draw(places), strict=True)),
        base=draw(held),
        later=draw(st.lists(held, max_size=2)),
        doubt_bits=dict(zip(addresses, draw(places), strict=True)),
        doubted=draw(held),
        undone=draw(held),
        fresh_within=draw(limits),
        before=draw(st.one_of(st.none(), counts)),
    )


def distrusted(data: Data, history: History, brute: Brute) -> tuple[bool, bool, frozenset[str]]:
    """Whether the customers and the events are too few or too old, and the kinds that are stale by themselves."""
    limits = dict(history.fresh_within)
    happened = [(row["event"], row["occurred_at"]) for row in data.world.events if row["event"] and row["occurred_at"]]
    ages = [(kind, AS_OF - in_utc(time)) for kind, time in happened if in_utc(time) <= AS_OF]

    def old(kind: str) -> bool:
        of_kind = [age for each, age in ages if kind in (each, "*")]
        return not of_kind or min(of_kind) > dt.timedelta(minutes=limits[kind])

    before = history.before
    valid = sum(identifier(row[column]) is not None for row in data.world.customers for column in data.world.email)
    few = before is not None and (
        before.customers - len(data.world.customers) > before.customers * 0.3
        or before.valid_identifiers - valid > before.valid_identifiers * 0.3
    )
    old_events = (before is not None and before.events - len(data.world.events) > before.events * 0.3) or (
        "*" in limits and old("*")
    )
    return few, old_events, frozenset(kind for kind in limits if kind != "*" and old(kind))


def judges(data: Data, history: History) -> Iterator[Judge]:
    """A judge for each segment."""
    brute = Brute(data.world)
    few, old_events, stale = distrusted(data, history, brute)
    for segment in history.asked:
        wanted = segment.wanted
        kinds = kinds_of(wanted.who.condition, dict(wanted.segments)) if wanted else set()
        yield Judge(
            brute=brute,
            segment=segment,
            as_of=AS_OF,
            held=history.held,
            doubtful=history.doubtful,
            frozen=wanted is not None and (few or bool(kinds and old_events) or bool(kinds & stale)),
            stale=frozenset((*strategies.KINDS, "unheard_of")) if few or old_events else stale,
        )


def files_of(root: Path, history: History) -> tuple[LedgerFiles, DoubtFile]:
    """The ledger and the doubts on disk."""
    base, intent = root / "base.parquet", root / "intent.parquet"
    worlds.write_ledger(base, history.base, history.bits)
    deltas = []
    for number, delta in enumerate(history.later):
        deltas.append(root / f"delta{number}.parquet")
        worlds.write_ledger(deltas[-1], delta, history.bits)
    worlds.write_intent(intent, history.doubted, history.undone, history.doubt_bits)
    doubt = DoubtFile(path=intent, bits=history.doubt_bits, lists=frozenset(history.bits))
    return LedgerFiles(base=base, deltas=tuple(deltas)), doubt


@quietly
@given(histories())
def test_every_movement_has_the_number_and_the_cause_that_the_language_says(case: tuple[Data, History]) -> None:
    """Beside a ledger and doubts: additions, removals by cause, what is sent again, change and time apart, freezing."""
    data, history = case
    with on_disk(data) as root:
        made = worlds.settings(
            root,
            data.world,
            customers=f"customers{data.ending}",
            events=f"events{data.ending}",
            fresh_within=history.fresh_within,
        )
        ledger, doubt = files_of(root, history)
        asks = worlds.request(
            made,
            history.asked,
            read=READ,
            bits=history.bits,
            ledger=ledger,
            doubts=(doubt,),
            before=history.before,
            folders=(root,),
        )
        with open_session(asks) as session:
            moves = session.decide(worlds.everything(history.bits))
            for judge in judges(data, history):
                for address, part in judge.segment.lists:
                    check_list(judge, address, part, session.membership.lists[address], worlds.sent(moves, address))
            check_ledger(root, history, moves, ledger)


def check_list(
    judge: Judge, address: Address, part: str | None, told: ListMembership, sent: tuple[frozenset[str], frozenset[str]]
) -> None:
    """One list's figures and what is sent for it."""
    nothing: frozenset[str] = frozenset()
    held, wanted, doubtful = judge.held[address], judge.wanted.get(part, nothing), judge.doubtful[address]
    applied = wanted if judge.segment.wanted == judge.segment.applied else judge.applied.get(part, nothing)
    causes = judge.causes(address, part)
    done = {found: cause for found, cause in causes.items() if judge.let_through(found, cause)}
    again = (nothing, nothing) if judge.frozen else (doubtful & wanted & held, doubtful - wanted - held)
    added = nothing if judge.frozen else wanted - held
    sisters = nothing.union(*judge.wanted.values()) if len(judge.segment.lists) > 1 else nothing
    assert bool(told.frozen) is judge.frozen
    assert (told.before, told.wanted, told.added) == (len(held), len(wanted), len(added))
    assert told.removed_by == counted(done)
    assert told.moved_by == counted({found: cause for found, cause in done.items() if found in sisters})
    assert told.resent == Movement(len(again[0]), len(again[1]))
    assert told.by_change == Movement(len(wanted - applied), len(applied - wanted))
    assert told.by_time == Movement(len(applied - held), len(held - applied))
    assert sent == (added | again[0], again[1].union(done))


def check_ledger(root: Path, history: History, moves: Moves, ledger: LedgerFiles) -> None:
    """The ledger, once all is done, is what was held with what was sent taken in."""
    path = root / "next.parquet"
    whole = moves.write_ledger(path, history.bits, worlds.everything(history.bits))
    assert ledger.base is not None
    files = [path] if whole else [ledger.base, *ledger.deltas, path]
    now = worlds.read_ledger(files, history.bits)
    for address, held in history.held.items():
        added, removed = worlds.sent(moves, address)
        assert now[address] == (held | added) - removed

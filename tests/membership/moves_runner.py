"""Packs beside a ledger and doubts: additions, removals by cause, what is sent again, change and time apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from reconciler.membership.ledger import DoubtFile, LedgerFiles
from reconciler.membership.session import open_session
from reconciler.model.address import Address
from reconciler.model.membership import ListMembership, Movement, Selection
from reconciler.model.moves import Moves
from tests.membership import pasts, worlds
from tests.membership.brute import Brute, Found
from tests.membership.brute_moves import NOTHING, Judge, counted, kinds_read
from tests.membership.brute_trust import Distrust
from tests.membership.packs import Case, Pack, Past
from tests.membership.runner import Place, Wrong, columns, workspace
from tests.membership.worlds import AS_OF


def judges(pack: Pack, case: Case, distrust: Distrust) -> list[Judge]:
    """A judge for each segment of a case."""
    assert case.past is not None
    asked = kinds_asked(pack)
    brute, held, doubtful = Brute(pack.data_of(case).world), case.past.held, case.past.doubtful
    out = []
    for segment in case.asked:
        wanted = segment.wanted
        kinds = kinds_read(wanted) if wanted else set()
        out.append(
            Judge(
                brute=brute,
                segment=segment,
                as_of=AS_OF,
                held=held,
                doubtful=doubtful,
                frozen=wanted is not None and (distrust.few or any(map(distrust.is_stale, kinds))),
                asked=asked,
                is_stale=distrust.is_stale,
            )
        )
    return out


def kinds_asked(pack: Pack) -> frozenset[str]:
    """The kinds of events that some definition reads."""
    versions = [each for case in pack.cases for segment in case.asked for each in (segment.wanted, segment.applied)]
    return frozenset(kind for definition in versions if definition for kind in kinds_read(definition))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a session says of a pack beside a ledger: every list's figures, what is sent for it, what it holds then."""

    pack: Pack
    distrust: Distrust
    lists: Mapping[Address, ListMembership]
    sent: Mapping[Address, tuple[frozenset[Found], frozenset[Found]]]
    now: Mapping[Address, frozenset[Found]]


def differing(place: Place, pack: Pack) -> list[Wrong]:
    """The cases of a pack that the engine moves otherwise."""
    told = answer(place, pack)
    found = ((case, differences(told, case)) for case in told.pack.cases)
    return [Wrong(case, "\n  ".join(how)) for case, how in found if how]


def answer(
    place: Place, pack: Pack, choose: Callable[[Mapping[Address, int]], Selection] = worlds.everything
) -> Answer:
    """Run a session over a pack, with a past for every case; `choose` is what is let through."""
    random = Random(pack.seed)  # noqa: S311 - chance that can be had again is what is wanted
    pack = pack if all(case.past for case in pack.cases) else pasts.with_past(random, pack)
    data = pack.data()
    addresses = [address for case in pack.cases for address in case.addresses]
    bits, doubt_bits = pasts.places(random, addresses), pasts.places(random, addresses)
    with workspace(pack) as root:
        settings = place.load(data, root)
        names = tuple(each.table.name for each in settings.source.events)
        before = pasts.counts_before(random, data.world, names)
        ledger, doubt = _files(root, pack, bits, doubt_bits)
        asks = worlds.request(
            settings,
            [segment for case in pack.cases for segment in case.asked],
            read=columns(pack),
            bits=bits,
            ledger=ledger,
            doubts=(doubt,),
            before=before,
            folders=(root,),
        )
        with open_session(replace(asks, access=place.access)) as session:
            moves = session.decide(choose(bits))
            return Answer(
                pack=pack,
                distrust=Distrust(data.world, before, names),
                lists=session.membership.lists,
                sent={address: worlds.moved(moves, address) for address in addresses},
                now=_next_ledger(root, moves, ledger, bits, place.unfold),
            )


def differences(told: Answer, case: Case) -> list[str]:
    """How a case differs, list by list."""
    out = []
    for judge in judges(told.pack, case, told.distrust):
        for address, part in judge.segment.lists:
            sent = told.sent[address]
            wanted, got = _expected(judge, address, part), (*_told(told.lists[address]), *sent)
            if wanted != got:
                out.append(f"{address}: expected {wanted}\n  got {got}")
            if told.now[address] != (judge.held[address] | sent[0]) - sent[1]:
                out.append(f"{address}: the ledger does not hold what was sent")
    return out


def _told(told: ListMembership) -> tuple[object, ...]:
    numbers = (told.before, told.wanted, told.added)
    by_cause = (dict(told.removed_by), dict(told.moved_by))
    return (bool(told.frozen), numbers, *by_cause, told.resent, told.by_change, told.by_time)


def _expected(judge: Judge, address: Address, part: str | None) -> tuple[object, ...]:
    """One list's figures and what is sent for it."""
    held, wanted, doubtful = judge.held[address], judge.wanted.get(part, NOTHING), judge.doubtful[address]
    applied = wanted if judge.segment.wanted == judge.segment.applied else judge.applied.get(part, NOTHING)
    causes = judge.causes(address, part)
    done = {found: cause for found, cause in causes.items() if judge.let_through(found, cause)}
    again = judge.again(wanted, held, doubtful)
    added = NOTHING if judge.frozen else wanted - held
    return (
        judge.frozen,
        (len(held), len(wanted), len(added)),
        counted(done),
        counted({found: cause for found, cause in done.items() if found in judge.sisters}),
        Movement(len(again[0]), len(again[1])),
        *judge.apart(held, applied, wanted),
        added | again[0],
        again[1].union(done),
    )


# ---------------------------------------------------------------------------------------------- files


def _files(
    root: Path, pack: Pack, bits: Mapping[Address, int], doubt_bits: Mapping[Address, int]
) -> tuple[LedgerFiles, DoubtFile]:
    """The ledger and the doubts on disk."""
    histories = [case.past for case in pack.cases if case.past is not None]
    base, intent = root / "base.parquet", root / "intent.parquet"
    worlds.write_ledger(base, _union(histories, "base"), bits)
    deltas = []
    for number in range(len(histories[0].later)):
        deltas.append(root / f"delta{number}.parquet")
        worlds.write_ledger(deltas[-1], {key: v for past in histories for key, v in past.later[number].items()}, bits)
    worlds.write_intent(intent, _union(histories, "doubted"), _union(histories, "undone"), doubt_bits)
    return LedgerFiles(base=base, deltas=tuple(deltas)), DoubtFile(path=intent, bits=doubt_bits, lists=frozenset(bits))


def _union(histories: list[Past], name: str) -> dict[Address, frozenset[Found]]:
    return {address: values for past in histories for address, values in getattr(past, name).items()}


def _next_ledger(
    root: Path, moves: Moves, ledger: LedgerFiles, bits: Mapping[Address, int], unfold: Callable[[Path], None]
) -> dict[Address, frozenset[Found]]:
    """What the ledger holds once all is done."""
    path = root / "next.parquet"
    whole = moves.write_ledger(path, bits, worlds.everything(bits))
    unfold(path)
    assert ledger.base is not None
    return worlds.read_typed([path] if whole else [ledger.base, *ledger.deltas, path], bits)

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from reconciler.errors import ReconcilerError
from reconciler.membership.ledger import DoubtFile, LedgerFiles
from reconciler.membership.session import Session, open_session
from reconciler.model.address import Address
from reconciler.model.conditions import Attribute, Comparison
from reconciler.model.conditions import Test as ColumnTest
from reconciler.model.definition import Definition, Who
from reconciler.model.membership import AskedSegment, Cause, Chosen, Movement
from tests.membership import worlds
from tests.membership.brute import World, identifier
from tests.membership.worlds import everything, read_ledger, sent

GOLD, BLUE = Address("segment.gold"), Address("segment.blue")
BITS = {GOLD: 0, BLUE: 1}
NONE: frozenset[str] = frozenset()


def people(*numbers: int) -> frozenset[str]:
    """The identifiers of some customers."""
    return frozenset(identifier(f"p{number}@example.com") or "" for number in numbers)


def tiers(address: Address) -> AskedSegment:
    """Everybody of the tier that the list is named after, now as before."""
    tier = address.removeprefix("segment.")
    definition = Definition(Who(Attribute(ColumnTest("tier", (Comparison("is", (tier,)),)))))
    return AskedSegment(
        key=tier, lists=((address, None),), wanted=definition, applied=definition, applied_as_of=worlds.AS_OF
    )


Open = Callable[..., Session]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Open a session on customers p0, p1, … of some tiers, beside a ledger on disk."""
    with ExitStack() as stack:

        def open_(
            tier_of: Mapping[int, str],
            *,
            asked: tuple[Address, ...] = (GOLD, BLUE),
            bits: Mapping[Address, int] = BITS,
            ledger: LedgerFiles | None = None,
            doubts: tuple[DoubtFile, ...] = (),
        ) -> Session:
            rows = [{"customer_id": str(n), "email": f"p{n}@example.com", "tier": tier} for n, tier in tier_of.items()]
            worlds.write(tmp_path / "c.csv", rows, dict.fromkeys(("customer_id", "email", "tier"), "varchar"))
            made = worlds.settings(tmp_path, World(customers=(), events=()), customers="c.csv", events=None)
            return stack.enter_context(
                open_session(
                    worlds.request(
                        made,
                        map(tiers, asked),
                        bits=bits,
                        read=[("customers", "tier")],
                        folders=(tmp_path,),
                        ledger=ledger,
                        doubts=doubts,
                    )
                )
            )

        yield open_


def base_of(path: Path, lists: Mapping[Address, frozenset[str]], bits: Mapping[Address, int] = BITS) -> LedgerFiles:
    """A ledger of one file."""
    worlds.write_ledger(path, lists, bits)
    return LedgerFiles(base=path)


def test_the_first_ledger_is_a_base(opened: Open, tmp_path: Path) -> None:
    """Without a base there is nothing to override."""
    moves = opened({1: "gold", 2: "blue"}).decide(everything(BITS))
    assert moves.write_ledger(tmp_path / "new", BITS, everything(BITS)) is True
    assert read_ledger([tmp_path / "new"], BITS) == {GOLD: people(1), BLUE: people(2)}


def test_a_small_change_is_a_delta_on_the_base(opened: Open, tmp_path: Path) -> None:
    """Only rows that move are written, whole, so that the last one wins."""
    ledger = base_of(tmp_path / "base", {GOLD: people(*range(10)), BLUE: people(0)})
    moves = opened(dict.fromkeys(range(1, 11), "gold"), ledger=ledger).decide(everything(BITS))
    assert moves.write_ledger(tmp_path / "new", BITS, everything(BITS)) is False
    rows = worlds.scribe().execute("select h, in_0 from read_parquet($1)", [str(tmp_path / "new")]).fetchall()
    assert {(h.hex(), word) for h, word in rows} == {(*people(0), 0), (*people(10), 1)}
    assert read_ledger([tmp_path / "base", tmp_path / "new"], BITS) == {GOLD: people(*range(1, 11)), BLUE: NONE}


@pytest.mark.parametrize(("moving", "whole"), [(3, False), (4, True)])
def test_more_than_a_fourth_is_folded_into_a_new_base(opened: Open, tmp_path: Path, moving: int, whole: bool) -> None:
    """At a fourth of the base's rows it is still a delta, beyond it a base."""
    ledger = base_of(tmp_path / "base", {GOLD: people(*range(12)), BLUE: NONE})
    moves = opened(dict.fromkeys(range(moving, 12), "gold"), ledger=ledger).decide(everything(BITS))
    assert moves.write_ledger(tmp_path / "new", BITS, everything(BITS)) is whole
    files = [tmp_path / "new"] if whole else [tmp_path / "base", tmp_path / "new"]
    assert read_ledger(files, BITS)[GOLD] == people(*range(moving, 12))


def test_earlier_deltas_count_towards_folding(opened: Open, tmp_path: Path) -> None:
    """What the deltas hold together is what every later run has to read."""
    base = base_of(tmp_path / "base", {GOLD: people(*range(12)), BLUE: NONE}).base
    worlds.write_ledger(tmp_path / "delta", {GOLD: people(0, 1, 2), BLUE: NONE}, BITS)
    ledger = LedgerFiles(base=base, deltas=(tmp_path / "delta",))
    moves = opened(dict.fromkeys(range(1, 12), "gold"), ledger=ledger).decide(everything(BITS))
    assert moves.write_ledger(tmp_path / "new", BITS, everything(BITS)) is True
    assert read_ledger([tmp_path / "new"], BITS)[GOLD] == people(*range(1, 12))


def test_a_list_that_is_not_done_keeps_what_it_had(opened: Open, tmp_path: Path) -> None:
    """Its moves are not taken in."""
    ledger = base_of(tmp_path / "base", {GOLD: people(1), BLUE: people(2)})
    moves = opened({1: "blue", 2: "gold"}, ledger=ledger).decide(everything(BITS))
    assert moves.write_ledger(tmp_path / "new", BITS, everything([GOLD])) is True
    assert read_ledger([tmp_path / "new"], BITS) == {GOLD: people(2), BLUE: people(2)}


def test_only_what_was_chosen_moves(opened: Open, tmp_path: Path) -> None:
    """Additions that are held back, and removals of a cause that is, are neither sent nor written."""
    ledger = base_of(tmp_path / "base", {GOLD: people(1, 2), BLUE: NONE})
    session = opened({2: "blue", 3: "gold", 4: "blue"}, ledger=ledger)
    assert session.membership.lists[GOLD].removed_by == {Cause.GONE: 1, Cause.UNMET: 1}
    chosen = {GOLD: Chosen(add=False, causes=frozenset({Cause.UNMET})), BLUE: Chosen(add=True, causes=frozenset())}
    moves = session.decide(chosen)
    assert sent(moves, GOLD) == (NONE, people(2))
    assert sent(moves, BLUE) == (people(2, 4), NONE)
    assert moves.write_ledger(tmp_path / "new", BITS, chosen) is True
    assert read_ledger([tmp_path / "new"], BITS) == {GOLD: people(1), BLUE: people(2, 4)}


def test_a_list_that_nobody_chose_does_not_move(opened: Open, tmp_path: Path) -> None:
    """The plan's silence is a no, also about what is in doubt."""
    worlds.write_intent(tmp_path / "intent", {GOLD: people(7), BLUE: NONE}, {}, BITS)
    doubt = DoubtFile(path=tmp_path / "intent", bits=BITS, lists=frozenset(BITS))
    moves = opened({1: "gold"}, doubts=(doubt,)).decide({BLUE: Chosen(add=True, causes=worlds.ALL)})
    assert sent(moves, GOLD) == (NONE, NONE)


def test_the_intent_names_every_row_with_its_directions(opened: Open, tmp_path: Path) -> None:
    """Sorted, one row an identifier, the bits to add beside the bits to remove."""
    ledger = base_of(tmp_path / "base", {GOLD: people(1, 2), BLUE: NONE})
    moves = opened({1: "gold", 2: "blue"}, ledger=ledger).decide(everything(BITS))
    assert moves.write_intent(tmp_path / "intent", BITS) == 1
    found = worlds.scribe().execute("select h, add_0, rem_0 from read_parquet($1)", [str(tmp_path / "intent")])
    assert [(h.hex(), *words) for h, *words in found.fetchall()] == [(*people(2), 0b10, 0b01)]


def test_what_is_in_doubt_is_said_again(opened: Open, tmp_path: Path) -> None:
    """Added again where it is wanted, removed again where it is not, also what the ledger does not know."""
    worlds.write_intent(tmp_path / "intent", {GOLD: people(1, 9), BLUE: NONE}, {GOLD: people(2)}, BITS)
    doubt = DoubtFile(path=tmp_path / "intent", bits=BITS, lists=frozenset({GOLD}))
    ledger = base_of(tmp_path / "base", {GOLD: people(1, 2), BLUE: NONE})
    session = opened({1: "gold", 2: "gold", 3: "gold"}, ledger=ledger, doubts=(doubt,))
    assert session.membership.lists[GOLD].resent == Movement(2, 1)
    assert sent(session.decide(everything(BITS)), GOLD) == (people(1, 2, 3), people(9))


def test_a_doubt_about_some_lists_says_nothing_of_others(opened: Open, tmp_path: Path) -> None:
    """Only the lists that the doubt names; their bits may have been others then."""
    then = {GOLD: 5, BLUE: 64}
    worlds.write_intent(tmp_path / "intent", {GOLD: people(8), BLUE: people(9)}, {}, then)
    doubt = DoubtFile(path=tmp_path / "intent", bits=then, lists=frozenset({BLUE}))
    moves = opened({1: "green"}, doubts=(doubt,)).decide(everything(BITS))
    assert (sent(moves, GOLD), sent(moves, BLUE)) == ((NONE, NONE), (NONE, people(9)))


def test_hundreds_of_lists_take_several_words(opened: Open, tmp_path: Path) -> None:
    """Lists beyond the sixty-third behave like the first, in memory and on disk, also on an older and narrower file."""
    addresses = tuple(Address(f"segment.t{number}") for number in range(130))
    bits = {address: number for number, address in enumerate(addresses)}
    ledger = base_of(tmp_path / "base", {addresses[0]: people(0, 1)}, {addresses[0]: 0})
    session = opened({n: f"t{n}" for n in range(130)}, asked=addresses, bits=bits, ledger=ledger)
    moves = session.decide(everything(bits))
    for number in (0, 1, 62, 63, 64, 125, 126, 129):
        told = session.membership.lists[addresses[number]]
        expected = (NONE, people(1)) if number == 0 else (people(number), NONE)
        assert sent(moves, addresses[number]) == expected
        assert (told.wanted, told.added, told.removed) == (1, int(number > 0), int(number == 0))
    assert moves.write_ledger(tmp_path / "new", bits, everything(bits)) is True
    assert read_ledger([tmp_path / "new"], bits) == {a: people(n) for n, a in enumerate(addresses)}


def test_rows_of_lists_that_are_not_asked_about_stay(opened: Open, tmp_path: Path) -> None:
    """A list that this run leaves alone is written as it was."""
    ledger = base_of(tmp_path / "base", {GOLD: people(1), BLUE: people(2)})
    moves = opened({1: "gold", 3: "gold"}, asked=(GOLD,), ledger=ledger).decide(everything([GOLD]))
    assert moves.write_ledger(tmp_path / "new", BITS, everything([GOLD])) is True
    assert read_ledger([tmp_path / "new"], BITS) == {GOLD: people(1, 3), BLUE: people(2)}


def test_nothing_to_do_is_nothing(opened: Open, tmp_path: Path) -> None:
    """Where the ledger is as wanted no row moves."""
    ledger = base_of(tmp_path / "base", {GOLD: people(1), BLUE: people(2)})
    session = opened({1: "gold", 2: "blue"}, ledger=ledger)
    assert [each.added + each.removed for each in session.membership.lists.values()] == [0, 0]
    assert session.decide(everything(BITS)).write_intent(tmp_path / "intent", BITS) == 0


def test_other_bits_are_a_bug_and_stop(opened: Open, tmp_path: Path) -> None:
    """What apply writes must be the bits that were computed with."""
    moves = opened({1: "gold"}).decide(everything(BITS))
    with pytest.raises(ReconcilerError, match="bits do not fit"):
        moves.write_intent(tmp_path / "intent", {GOLD: 1, BLUE: 0})


def test_batches_hold_fifty_thousand_at_most(opened: Open) -> None:
    """More than one call carries is cut, with nothing lost and nothing twice."""
    session = opened(dict.fromkeys(range(50_001), "gold"))
    batches = list(session.decide(everything(BITS)).batches(GOLD, "add"))
    assert [len(batch) for batch in batches] == [50_000, 1]
    assert len({digest for batch in batches for digest in batch.digests}) == 50_001

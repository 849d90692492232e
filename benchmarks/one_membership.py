"""One membership and its difference with a ledger, in a process of its own: prints seconds, peak memory and sizes."""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import resource
import time
from collections.abc import Iterable
from pathlib import Path

from reconciler.config.environment import read_engine_access
from reconciler.membership.ledger import LedgerFiles
from reconciler.membership.opening import Request
from reconciler.membership.session import Session, open_session
from reconciler.model.identifiers import Identifiers
from reconciler.model.membership import AskedSegment, Cause, Chosen
from reconciler.run import read

AS_OF = dt.datetime(2026, 11, 21, 18, tzinfo=dt.UTC)
EVERYTHING = Chosen(add=True, causes=frozenset(Cause))


def request(workspace: Path, ledger: Path) -> Request:
    """What an hourly run asks: the applied definitions are the wanted ones, and there is a ledger."""
    desired = read(workspace)
    base = ledger / "ledger.parquet"
    applied = base.exists()
    asked = tuple(
        AskedSegment(
            key=each.key,
            lists=tuple((part.address, part.slice) for part in each.lists),
            wanted=each.definition,
            applied=each.definition if applied else None,
            applied_as_of=AS_OF if applied else None,
        )
        for each in desired.segments
    )
    return Request(
        settings=desired.settings,
        columns=desired.columns,
        asked=asked,
        as_of=AS_OF,
        bits={address: bit for bit, address in enumerate(a for each in asked for a, _ in each.lists)},
        ledger=LedgerFiles(base=base if applied else None),
        folders=(ledger,),
        access=read_engine_access(),
    )


def write(session: Session, asked: Request, ledger: Path) -> None:
    """Take everything into a ledger, for the next run to differ from."""
    moves = session.decide(dict.fromkeys(asked.bits, EVERYTHING))
    moves.write_ledger(ledger / "ledger.parquet", asked.bits, dict.fromkeys(asked.bits, EVERYTHING))


def digests(session: Session, asked: Request) -> list[str]:
    """SHA-256 over the sorted identifiers of each list; there must be no ledger yet, so that all of them are added."""
    moves = session.decide(dict.fromkeys(asked.bits, EVERYTHING))
    return [_digest(moves.batches(address, "add")) for address in asked.bits]


def _digest(batches: Iterable[Identifiers]) -> str:
    members = sorted(digest.hex() for batch in batches for digest in batch.digests)
    return hashlib.sha256("".join(members).encode()).hexdigest()


def main() -> None:
    """Compute once and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--write", action="store_true", help="Write the ledger afterwards; its time is not counted.")
    parser.add_argument("--digests", action="store_true", help="Tell a digest of the members of each list.")
    given = parser.parse_args()
    asked = request(given.workspace, given.ledger)
    start = time.perf_counter()
    with open_session(asked) as session:
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        sizes = [session.membership.lists[address].wanted for address in asked.bits]
        more = {"digests": digests(session, asked)} if given.digests else {}
        if given.write:
            write(session, asked, given.ledger)
    print(json.dumps({"seconds": round(seconds, 2), "peak_gb": round(peak, 2), "sizes": sizes, **more}))


if __name__ == "__main__":
    main()

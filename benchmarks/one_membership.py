"""One membership and its difference with a ledger, in a process of its own: prints seconds, peak memory and sizes."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import time
from pathlib import Path

from reconciler.membership.ledger import LedgerFiles
from reconciler.membership.session import Request, Session, open_session
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
    )


def write(session: Session, asked: Request, ledger: Path) -> None:
    """Take everything into a ledger, for the next run to differ from."""
    moves = session.decide(dict.fromkeys(asked.bits, EVERYTHING))
    moves.write_ledger(ledger / "ledger.parquet", asked.bits, dict.fromkeys(asked.bits, EVERYTHING))


def main() -> None:
    """Compute once and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--write", action="store_true", help="Write the ledger afterwards; its time is not counted.")
    given = parser.parse_args()
    asked = request(given.workspace, given.ledger)
    start = time.perf_counter()
    with open_session(asked) as session:
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        sizes = [session.membership.lists[address].wanted for address in asked.bits]
        if given.write:
            write(session, asked, given.ledger)
    print(json.dumps({"seconds": round(seconds, 2), "peak_gb": round(peak, 2), "sizes": sizes}))


if __name__ == "__main__":
    main()

"""A small made-up shop with the sample workspace, computed by the path of a plan."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.config.load import load
from reconciler.demo.shop import build
from reconciler.demo.tables import read_customers
from reconciler.demo.workspace import copy_sample
from reconciler.desired import resolve
from reconciler.membership.ledger import LedgerFiles
from reconciler.membership.normalise import read_email
from reconciler.membership.opening import Request
from reconciler.membership.session import open_session
from reconciler.model.address import Address
from reconciler.model.membership import AskedSegment, Cause, Chosen
from reconciler.model.workspace import Workspace

AS_OF = dt.datetime(2026, 11, 21, 14, tzinfo=dt.UTC)
CUSTOMERS = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Shop:
    """The workspace on disk, read, and the address that each customer has in the table."""

    root: Path
    workspace: Workspace
    emails: Mapping[str, str]

    def members(self, as_of: dt.datetime, keys: Iterable[str] | None = None) -> Mapping[Address, frozenset[str]]:
        """Of every list the identifiers that a plan would send first, of some segments or of all."""
        desired = resolve(self.workspace)
        wanted = set(keys) if keys is not None else {each.key for each in desired.segments}
        segments = [each for each in desired.segments if each.key in wanted]
        asked = tuple(
            AskedSegment(
                key=each.key, lists=tuple((one.address, one.slice) for one in each.lists), wanted=each.definition
            )
            for each in segments
        )
        lists = [one.address for each in segments for one in each.lists]
        request = Request(
            settings=desired.settings,
            columns=desired.columns,
            asked=asked,
            as_of=as_of,
            bits={address: bit for bit, address in enumerate(lists)},
            ledger=LedgerFiles(),
        )
        with open_session(request) as session:
            everything = Chosen(add=True, causes=frozenset(Cause))
            moves = session.decide(dict.fromkeys(lists, everything))
            return {
                address: frozenset(digest.hex() for batch in moves.batches(address, "add") for digest in batch.digests)
                for address in lists
            }

    def sent(self, key: str) -> str | None:
        """What would be sent for a customer."""
        email, _ = read_email(self.emails[key])
        return hashlib.sha256(email.encode()).hexdigest() if email else None


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    root = tmp_path_factory.mktemp("shop") / "workspace"
    copy_sample(root)
    build(root, AS_OF, customers=CUSTOMERS)
    # Data that stay as they are while the clock moves get stale, and a plan would add nobody any more.
    settings = root / "reconciler.yaml"
    text, found = re.subn(r"(?m)^ *fresh_within: .*\n", "", settings.read_text(encoding="utf-8"))
    assert found == 1
    settings.write_text(text, encoding="utf-8")
    emails = {each.customer_id: each.email or "" for each in read_customers(root)}
    return Shop(root=root, workspace=load(root), emails=emails)

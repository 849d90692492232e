"""Files of data → a proposal for a workspace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from reconciler.membership.looking import looking
from reconciler.scaffold.customers import find_customers, propose_customers
from reconciler.scaffold.events import EventsFinder
from reconciler.scaffold.names import role_of
from reconciler.scaffold.proposal import Proposal, Questions


def propose(root: Path, names: Sequence[str], as_of: dt.datetime) -> Proposal:
    """Look at files below a folder and give each a role. Raises SourceInvalid for what can't be read or has none."""
    with looking(root, names) as looker:
        table = find_customers(looker)
        others = [each for each in looker.tables if each is not table]
        ask = Questions()
        customers = propose_customers(looker, table, others, ask)
        events = [
            EventsFinder(
                looker=looker, table=each, customers=customers, as_of=as_of, part=f"events[{number}]", questions=ask
            ).propose()
            for number, each in enumerate(others)
        ]
    if events and not any(role_of(kind) == "purchase" for each in events for kind in each.kinds):
        ask.add(
            "events[0]",
            "Which kind of event is a purchase? None is called so; until you say, buyers stay on the lists.",
        )
    return Proposal(customers=customers, events=tuple(events), questions=tuple(ask.asked))

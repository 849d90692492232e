"""A pretend Criteo: the audience, ad-set, campaign, portfolio and token endpoints.

It keeps a world of segments, audiences and ad sets, on disk if asked to, moves its own clock, and
misbehaves on request. It knows Criteo from Criteo's documents alone and shares no code with the
client, so that a mistake of one cannot hide in the other.

    app = create_app()
    httpx.Client(transport=EmulatorTransport(app), base_url="http://emulator")

    with serve(create_app(Path("world")), port=8799) as server:
        print(server.url)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from reconciler.emulator.access import Credentials, RateLimit
from reconciler.emulator.api import Api
from reconciler.emulator.app import Emulator
from reconciler.emulator.clock import Clock
from reconciler.emulator.persist import WorldFolderError
from reconciler.emulator.rights import LACKS, Lack, Rights
from reconciler.emulator.server import EmulatorServer, serve
from reconciler.emulator.store import Store
from reconciler.emulator.switches import SwitchError, Switches, switches_of
from reconciler.emulator.transport import EmulatorTransport
from reconciler.emulator.wire import DEFAULT_LIMIT, ConnectionClosedError

__all__ = [
    "LACKS",
    "ConnectionClosedError",
    "Emulator",
    "EmulatorServer",
    "EmulatorTransport",
    "SwitchError",
    "Switches",
    "WorldFolderError",
    "create_app",
    "serve",
    "switches_of",
]

_USUAL = Switches()


def create_app(
    data: Path | None = None,
    *,
    advertisers: Sequence[str] = ("42",),
    client_id: str | None = None,
    client_secret: str | None = None,
    rate_limit: int = DEFAULT_LIMIT,
    switches: Switches = _USUAL,
    time: Callable[[], float] = time.time,
    speed: float | None = None,
    without: Collection[Lack] = (),
) -> Emulator:
    """Make a pretend Criteo.

    Its world lives in the folder `data`, or in memory. A new world holds the advertisers, each with
    two campaigns and a dozen ad sets (of the first one 700123 and on). `rate_limit` is in calls a
    minute, 0 for none; any credentials are accepted unless they are given here. `switches` decide what
    Criteo's documents leave open.
    `time` stands in for the machine's clock, in seconds since 1970-01-01 UTC; `speed` is how many seconds pass
    in one of these, else as the world has it. `without` names rights that the app lacks, and `consent` where
    no advertiser has given it.

    Raises `WorldFolderError` when `data` holds something else or another emulator uses it.
    """
    store = Store(data, advertisers, Clock(time))
    if speed is not None:
        store.set_clock(store.clock.set_to(store.clock.now(), speed))
    return Emulator(
        Api(
            store,
            Credentials(client_id=client_id, client_secret=client_secret),
            RateLimit(rate_limit),
            switches,
            Rights(without),
        )
    )

"""`reconciler emulator`: a pretend Criteo to try things on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import Surroundings, common_options, pass_surroundings

if TYPE_CHECKING:
    from reconciler.emulator.rights import Lack

_LACKS = (
    *("audience-read", "audience-manage", "campaign-read", "campaign-manage", "consent"),
    *("2026-01", "2026-07", "2027-01"),
)
"""As in the emulator, which is imported when it is called for."""


def _list(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Print every switch with its positions, the default first, and end."""
    if not wanted:
        return
    from reconciler.cli.pretending import need_emulator

    need_emulator()
    from reconciler.emulator import Switches, switches_of

    for switch in switches_of(Switches).values():
        positions = ", ".join(map(str, (switch.default, *switch.others)))
        click.echo(f"{switch.name} = {positions}\n    {switch.about}")
    ctx.exit()


@click.command(
    "emulator",
    epilog="Example: reconciler emulator --port 8799 --data world --switch failed_items=warnings",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8799, help="0 takes any free one. Default: 8799.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Keep the world here between runs.")
@click.option("--advertiser", default="42", help="The advertiser of a new world. Default: 42.")
@click.option("--client-id", help="Accept only this client id. Default: any.")
@click.option("--client-secret", help="Accept only this client secret. Default: any.")
@click.option("--rate-limit", type=click.IntRange(0), default=250, help="Calls a minute, 0 for no limit. Default: 250.")
@click.option(
    "--switch",
    "switches",
    metavar="NAME=VALUE",
    multiple=True,
    envvar="RECONCILER_EMULATOR_SWITCHES",
    help="Let it decide an open point of Criteo's documents the other way; may be repeated.",
)
@click.option(
    "--list-switches", is_flag=True, expose_value=False, is_eager=True, callback=_list, help="List the switches."
)
@click.option(
    "--clock-speed",
    type=click.FloatRange(0, min_open=True, max=100_000),
    help="Seconds that pass there in one of ours. Default: as in the world kept in --data, 1 in a new one.",
)
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(_LACKS),
    help="What the app lacks: a right, the advertiser's consent, or a version of the API that has ended; may be "
    "repeated. Default: nothing.",
)
@common_options
@pass_surroundings
def command(  # noqa: PLR0917 - one parameter an option
    surroundings: Surroundings,
    port: int,
    data: Path | None,
    advertiser: str,
    client_id: str | None,
    client_secret: str | None,
    rate_limit: int,
    switches: tuple[str, ...],
    clock_speed: float | None,
    without: tuple[Lack, ...],
) -> None:
    """Serve a pretend Criteo on this machine.

    Until it is interrupted it keeps lists, audiences and ad sets like Criteo's API, and shows under /emulator/ what
    Criteo never tells.
    """
    from reconciler.cli.pretending import need_emulator

    need_emulator()
    from reconciler.emulator import Switches, create_app, serve

    with _explained(f"The emulator can't keep its world in {data}.", "Choose another --data."):
        app = create_app(
            data,
            advertisers=(advertiser,),
            client_id=client_id,
            client_secret=client_secret,
            rate_limit=rate_limit,
            switches=Switches.parse(*switches),
            speed=clock_speed,
            without=without,
        )
    with _explained(f"The emulator can't listen on port {port}.", "Choose another --port."):
        server = serve(app, port=port)
    with server:
        any_one = "" if client_id or client_secret else "; CRITEO_CLIENT_ID and CRITEO_CLIENT_SECRET may be anything"
        surroundings.tell(f"A pretend Criteo listens on {server.url}{any_one}; set CRITEO_API_URL={server.url}")
        server.wait()


@contextmanager
def _explained(summary: str, hint: str) -> Iterator[None]:
    """What keeps an emulator from starting, as an error of ours; the words are those of an error of the system."""
    from reconciler.emulator import SwitchError, WorldFolderError
    from reconciler.errors import ReconcilerError, Usage

    try:
        yield
    except SwitchError as error:
        shows = "`reconciler emulator --list-switches` shows them all."
        raise Usage("A switch of the emulator can't be set.", str(error), shows) from None
    except WorldFolderError as error:
        raise ReconcilerError("The world of the emulator can't be used.", str(error)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ReconcilerError(summary, reason, hint) from None

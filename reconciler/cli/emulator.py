"""`reconciler emulator`: a pretend Criteo to try things on."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.options import Surroundings, common_options, pass_surroundings


@click.command("emulator", epilog="Example: reconciler emulator --port 8799 --data world")
@click.option("--port", type=click.IntRange(0, 65535), default=8799, help="0 takes any free one. Default: 8799.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Keep the world here between runs.")
@click.option("--advertiser", default="42", help="The advertiser of a new world. Default: 42.")
@click.option("--client-id", help="Accept only this client id. Default: any.")
@click.option("--client-secret", help="Accept only this client secret. Default: any.")
@click.option("--rate-limit", type=click.IntRange(0), default=250, help="Calls a minute, 0 for no limit. Default: 250.")
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
) -> None:
    """Serve a pretend Criteo on this machine.

    Until it is interrupted it keeps lists, audiences and ad sets like Criteo's API, and shows under /emulator/ what
    Criteo never tells.
    """
    from reconciler.cli.pretending import need_emulator
    from reconciler.errors import ReconcilerError

    need_emulator()
    from reconciler.emulator import WorldFolderError, create_app, serve

    try:
        app = create_app(
            data, advertisers=(advertiser,), client_id=client_id, client_secret=client_secret, rate_limit=rate_limit
        )
        server = serve(app, port=port)
    except WorldFolderError as error:
        raise ReconcilerError("The world of the emulator can't be used.", str(error)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ReconcilerError(f"The emulator can't listen on port {port}.", reason, "Choose another --port.") from None
    with server:
        any_one = "" if client_id or client_secret else "; CRITEO_CLIENT_ID and CRITEO_CLIENT_SECRET may be anything"
        surroundings.tell(f"A pretend Criteo listens on {server.url}{any_one}; set CRITEO_API_URL={server.url}")
        server.wait()

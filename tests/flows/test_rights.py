"""Criteo does not let us in: the message names the cause and the next step, and the command ends in 7."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from reconciler.emulator import Switches
from tests.flows.conftest import Opener
from tests.flows.shop import Done, Shop, names

DEFINITIONS = """\
segments:
  buyers: { name: Buyers, who: { event: purchase, within: 7d } }
audiences:
  loyal: { name: Loyal, include: [buyers], ad_sets: ["700123"] }
"""
COMMANDS = (["plan"], ["apply", "--auto-approve"])


def stock(shop: Shop) -> Shop:
    shop.definitions = DEFINITIONS
    shop.people(names("buyer", 10), "purchase", "2h")
    return shop


def assert_denied(done: Done, *words: str) -> None:
    """Exit 7, and a message with these words."""
    assert done.code == 7
    assert [word for word in words if word not in done.err] == []


@pytest.mark.parametrize(("lack", "right"), [("audience-read", "Audience_Read"), ("campaign-read", "Campaign_Read")])
def test_a_right_to_read_is_missing(open_shop: Opener, lack: str, right: str) -> None:
    """Plan and apply end in 7 before anything is made, and name the right and the command that looks closer."""
    shop = stock(open_shop(without=(lack,)))
    for command in COMMANDS:
        assert_denied(shop.run(*command), f"MarketingSolutions_{right}", "reconciler doctor", "HTTP 403")
    assert shop.writes() == []


def test_the_right_to_manage_audiences_is_missing(open_shop: Opener) -> None:
    """A plan works, an apply ends in 7 with the right that is missing, and nothing is made."""
    shop = stock(open_shop(without=("audience-manage",)))
    shop.plan()
    done = shop.run("apply", "--auto-approve")
    assert_denied(done, "the right to manage audiences (MarketingSolutions_Audience_Manage)", "reconciler doctor")
    assert "create segment" in done.out + done.err
    assert shop.lists() == {}


def test_the_right_to_manage_campaigns_is_missing(open_shop: Opener) -> None:
    """List and audience are made and filled, the link of the ad set ends in 7 with the right that is missing."""
    shop = stock(open_shop(without=("campaign-manage",)))
    done = shop.run("apply", "--auto-approve")
    assert_denied(
        done, "the right to manage campaigns (MarketingSolutions_Campaign_Manage)", "Criteo's developer portal"
    )
    assert len(shop.members("Buyers")) == 10
    assert shop.audiences()["Loyal"]["adSetIds"] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_no_advertiser_has_given_consent(open_shop: Opener, command: list[str]) -> None:
    """An app that nobody has let in is told so, and where consent is given."""
    shop = stock(open_shop(without=("consent",)))
    assert_denied(
        shop.run(*command), "has not let this app in", "Nobody has given it", "consent", "Criteo's partner portal"
    )
    assert shop.writes() == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_advertiser_is_another_one(open_shop: Opener, command: list[str]) -> None:
    """Who has given consent is told beside the advertiser of the workspace, and which key to look at."""
    shop = stock(open_shop(advertisers=("43", "44")))
    assert_denied(shop.run(*command), "Advertiser 42 ", "It has that of 43, 44.", "`advertiser:` in reconciler.yaml")
    assert shop.writes() == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_version_is_dead(open_shop: Opener, command: list[str]) -> None:
    """A version that Criteo no longer serves is named as such, with the key that chooses it."""
    shop = stock(open_shop(switches=Switches(other_versions="gone"), without=("2026-01",)))
    shop.settings["criteo"]["api_version"] = "2026-01"
    assert_denied(shop.run(*command), "no longer serves this version", "HTTP 410", "api_version", "reconciler doctor")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_secret_is_wrong(open_shop: Opener, command: list[str]) -> None:
    """The variables to look at are named."""
    shop = stock(open_shop(client_id="app", client_secret="another"))
    assert_denied(shop.run(*command), "does not accept the credentials", "CRITEO_CLIENT_ID and CRITEO_CLIENT_SECRET")


@pytest.fixture
def stranger() -> Iterator[str]:
    """The address of a server that is not Criteo."""
    from threading import Thread

    server = make_server("127.0.0.1", 0, Response("<html>Not here</html>", status=404, mimetype="text/html"))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_address_is_not_criteos(shop: Shop, stranger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that knows no tokens, and one where nobody listens, end in 1 and name the variable with the address."""
    stock(shop)
    for url in (stranger, "http://127.0.0.1:9"):
        monkeypatch.setenv("CRITEO_API_URL", url)
        done = shop.run("plan")
        assert (done.code, done.out) == (1, "")
        assert "Criteo gives no access token." in done.err
        assert "CRITEO_API_URL" in done.err
        assert url in done.err

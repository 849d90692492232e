"""Addresses, telephone numbers and digests, from the command line to what Criteo holds."""

from __future__ import annotations

import json
from hashlib import md5, sha256

import pytest

from reconciler.membership import compute
from reconciler.membership.normalise import VERSION
from tests.flows.shop import AMEND, Shop

DEFINITIONS = """\
segments:
  buyers:
    name: Buyers
    who: { event: purchase, within: 7d }
"""


@pytest.fixture
def buyers(shop: Shop) -> Shop:
    """Two buyers; the column `tier` stands for a column of identifiers."""
    shop.criteo.authorize()
    shop.definitions = DEFINITIONS
    for key, tier in (("ann", "(202) 555-0143"), ("bob", "")):
        shop.customer(key, tier=tier)
        shop.event(key, "purchase", "2h")
    return shop


def identify(shop: Shop, **columns: object) -> None:
    """Declare identifiers."""
    shop.settings["source"]["customers"]["identifiers"] = columns


@pytest.mark.switches(phone_numbers="taken")
def test_telephone_numbers_reach_criteo_as_what_they_are(buyers: Shop) -> None:
    """Each type in a call of its own, telephone numbers as SHA-256 of their digits; the next plan is empty."""
    identify(buyers, email="email", phoneNumber={"columns": ["tier"], "region": "US"})
    calls = buyers.plan()["calls"]["requests"]
    asked = buyers.asked()
    buyers.apply()
    assert buyers.members("Buyers") == {"ann", "bob"}
    phones = buyers.criteo.members(buyers.lists()["Buyers"], "phoneNumber")
    assert phones == [sha256(b"12025550143").hexdigest()]
    assert len(buyers.requests(asked, AMEND)) == 2
    assert calls == 8  # a token, the advertisers, three searches, one creation, and a call for each type
    assert buyers.plan()["summary"]["empty"] is True


@pytest.mark.switches(email_digests="all")
def test_the_form_of_addresses_is_what_the_workspace_says(buyers: Shop) -> None:
    """MD5 is sent as MD5, and stands in the state."""
    buyers.settings["criteo"]["email_form"] = "md5"
    buyers.apply()
    expected = {md5(f"{key}@example.com".encode()).hexdigest() for key in ("ann", "bob")}  # noqa: S324
    assert set(buyers.criteo.members(buyers.lists()["Buyers"])) == expected
    assert json.loads((buyers.state / "snapshot.json").read_text())["ledger"]["form"] == "md5"
    assert buyers.plan()["summary"]["empty"] is True


@pytest.mark.parametrize("command", [["plan"], ["apply", "--auto-approve"], ["sync"]])
def test_a_ledger_of_another_form_is_refused(buyers: Shop, command: list[str]) -> None:
    """Lists can't hold two forms: exit 4, which form they hold, and what to do; nothing is sent or written."""
    buyers.apply()
    buyers.settings["criteo"]["email_form"] = "sha256_of_md5"
    asked, files = buyers.asked(), buyers.state_files()
    done = buyers.run(*command)
    assert done.code == 4
    assert "The ledger was written with another form of e-mail addresses." in done.err
    assert "hold them as sha256" in done.err
    assert "`email_form: sha256`" in done.err
    assert buyers.writes(asked) == []
    assert {path: what for path, (what, _) in files.items() if path.endswith("snapshot.json")}.items() <= {
        path: what for path, (what, _) in buyers.state_files().items()
    }.items()


def test_a_ledger_of_another_normaliser_is_refused(buyers: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its identifiers would not be found again: exit 4, both versions and what to do."""
    buyers.apply()
    monkeypatch.setattr(compute, "VERSION", VERSION + 1)
    asked = buyers.asked()
    done = buyers.run("plan")
    assert done.code == 4
    assert "The ledger was written with another normaliser of identifiers." in done.err
    assert "Use the version of reconciler that wrote it" in done.err
    assert buyers.writes(asked) == []


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"email": "email", "phoneNumber": "tier"}, "`tier` is declared as plain, and 1 of 2 values are digests"),
        (
            {"email": {"columns": ["email"], "hashed": "sha256"}},
            "`email` is declared as sha256, and 2 of 2 values are plain addresses",
        ),
    ],
)
def test_what_was_not_declared_so_is_refused(buyers: Shop, columns: dict[str, object], told: str) -> None:
    """A digest in a plain column, or an address in one of digests: exit 78, how many and where, and none is shown."""
    identify(buyers, **columns)
    digest = sha256(b"12025550143").hexdigest()
    buyers.customer("ann", tier=digest)
    done = buyers.run("plan")
    assert done.code == 78
    assert told in done.err
    assert "reconciler.yaml:" in done.err
    assert digest not in done.err
    assert "ann@example.com" not in done.err

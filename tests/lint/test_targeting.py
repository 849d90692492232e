"""Which definitions keep buyers out, and how long somebody is on a list: the ways to say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commandline import run
from tests.conftest import Writer

CART = "{ event: cart_added, latest: true, within: 7d }"
RECENT = "  recent: { who: { event: purchase, within: 7d } }\n"


def definitions(who: str, *, exclude: str = "", more: str = "") -> str:
    excluded = f", exclude: [{exclude}]" if exclude else ""
    return f"segments:\n  carts: {{ who: {who} }}\n{more}audiences: {{ all: {{ include: [carts]{excluded} }} }}\n"


def trips(rule: str, root: Path) -> bool:
    """Whether a rule finds something."""
    done = run("-w", root, "lint", "--rule", rule)
    assert done.stderr == ""
    assert done.code in {0, 1}
    return f" {rule} " in done.stdout


KEPT_OUT = {
    "by what did not follow": "{ event: cart_added, latest: true, not_followed_by: purchase }",
    "by one of several that did not follow": "{ event: cart_added, latest: true, not_followed_by: [refund, purchase] }",
    "by a none": f"{{ all: [ {CART} ], none: [ {{ event: purchase, within: 7d }} ] }}",
    "by a none that is narrower": f"{{ all: [ {CART} ], none: [ {{ event: purchase, where: {{ a: 1 }} }} ] }}",
    "by counting none": f"{{ all: [ {CART}, {{ event: purchase, times: 0, within: 7d }} ] }}",
    "by counting fewer than one": f"{{ all: [ {CART}, {{ event: purchase, times: {{ less_than: 1 }} }} ] }}",
    "by counting at most none": f"{{ all: [ {CART}, {{ event: purchase, times: {{ at_most: 0 }} }} ] }}",
    "by a latest of long ago": "{ event: purchase, latest: true, within: 60d..120d }",
    "by an attribute": f"{{ all: [ {CART}, {{ attribute: last_order_at, older_than: 30d }} ] }}",
    "by an attribute in a none": f"{{ all: [ {CART} ], none: [ {{ attribute: last_order_at, within: 7d }} ] }}",
    "by another segment": f"{{ all: [ {CART} ], none: [ {{ segment: recent }} ] }}",
    "by both ways in": "{ any: [ { event: a, latest: true, not_followed_by: purchase }, "
    "{ event: purchase, latest: true, within: 9d.. } ] }",
}
LET_IN = {
    "by nothing": CART,
    "by what did follow": "{ event: cart_added, latest: true, followed_by: { event: purchase } }",
    "by another event": "{ event: cart_added, latest: true, not_followed_by: cart_removed }",
    "by one way in of two": "{ any: [ { event: a, latest: true, not_followed_by: purchase }, { event: b } ] }",
    "by a none of long ago": f"{{ all: [ {CART} ], none: [ {{ event: purchase, within: 30d..60d }} ] }}",
    "by counting some": f"{{ all: [ {CART}, {{ event: purchase, times: {{ at_most: 3 }} }} ] }}",
    "by a latest of a part": "{ event: purchase, where: { category: refill }, latest: true, within: 25d..35d }",
    "by a first": "{ event: purchase, first: true, within: 60d..120d }",
    "by counting two": "{ event: purchase, times: { at_least: 2 }, within: 7d }",
    "by counting none or five": "{ event: purchase, times: { is: [0, 5] }, within: 7d }",
    "by wanting it": "{ event: purchase, within: 7d }",
}


@pytest.mark.parametrize("way", KEPT_OUT)
def test_a_definition_can_keep_buyers_out(way: str, write_workspace: Writer) -> None:
    """Each of these ways is enough."""
    assert not trips("RL101", write_workspace(definitions(KEPT_OUT[way], more=RECENT)))


@pytest.mark.parametrize("way", LET_IN)
def test_a_definition_can_let_buyers_in(way: str, write_workspace: Writer) -> None:
    """None of these is enough; excluding a list of recent buyers is."""
    assert trips("RL101", write_workspace(definitions(LET_IN[way], more=RECENT)))
    assert not trips("RL101", write_workspace(definitions(LET_IN[way], exclude="recent", more=RECENT)))


@pytest.mark.parametrize(
    ("who", "is_enough"),
    [
        ("{ event: purchase, latest: true, within: 7d }", True),
        ("{ any: [ { event: purchase, within: 7d }, { attribute: staff, is: true } ] }", True),
        ("{ attribute: last_order_at, within: 7d }", True),
        ("{ keys: recent_buyers.csv }", False),
        ("{ event: purchase, within: 1d..7d }", False),
        ("{ all: [ { event: purchase, within: 7d }, { attribute: country, is: FR } ] }", False),
        ("{ event: refund, within: 7d }", False),
    ],
)
def test_only_a_list_of_all_who_just_bought_is_enough(who: str, is_enough: bool, write_workspace: Writer) -> None:
    """What else is excluded leaves some of them in."""
    root = write_workspace(
        definitions(CART, exclude="away", more=f"  away: {{ who: {who} }}\n"),
        **{"recent_buyers.csv": "customer_id\n1\n"},
    )
    assert trips("RL101", root) is not is_enough


def test_a_list_of_keys_is_taken_at_its_name(write_workspace: Writer) -> None:
    """Nothing else tells what it holds."""
    away = "  recent-buyers: { who: { keys: recent.csv } }\n"
    root = write_workspace(definitions(CART, exclude="recent-buyers", more=away), **{"recent.csv": "customer_id\n1\n"})
    assert not trips("RL101", root)


def test_who_opts_out_of_the_exclusion_has_given_the_reason(write_workspace: Writer) -> None:
    """`always_exclude` keeps buyers out of every audience; the one that is for them says why."""
    root = write_workspace(definitions(CART, more=RECENT), settings="always_exclude: [recent]\n")
    assert not trips("RL101", root)
    opted = "include: [carts], always_exclude: { except: { recent: They need the accessories now } }"
    text = definitions(CART, more=RECENT).replace("include: [carts]", opted)
    assert not trips("RL101", write_workspace(text, settings="always_exclude: [recent]\n"))


def test_purchases_may_have_a_name_of_their_own(write_workspace: Writer) -> None:
    """The usual names are known; others are named in `lint.purchase`, which then is all that counts."""
    text = definitions("{ event: cart_added, latest: true, not_followed_by: KIND }")
    for kind in ("order_paid", "Order Completed", "orders"):
        assert not trips("RL101", write_workspace(text.replace("KIND", f'"{kind}"')))
    assert trips("RL101", write_workspace(text.replace("KIND", "invoice")))
    own = "lint: { purchase: [invoice] }\n"
    assert not trips("RL101", write_workspace(text.replace("KIND", "invoice"), settings=own))
    assert trips("RL101", write_workspace(text.replace("KIND", "purchase"), settings=own))


STAYS = {
    "{ event: a, within: 25h }": False,
    "{ event: a, within: 24h }": True,
    "{ event: a, within: 30d..31d }": True,
    "{ event: a }": False,
    "{ event: a, times: { at_most: 1 }, within: 4h }": False,
    "{ event: a, times: { at_least: 2 }, within: 4h }": True,
    "{ event: a, total: { of: n, at_least: 2 }, within: 4h }": True,
    "{ event: a, total: { of: n, at_most: 2 }, within: 4h }": False,
    "{ all: [ { event: a, within: 4h }, { event: b } ] }": True,
    "{ any: [ { event: a, within: 4h }, { event: b } ] }": False,
    "{ all: [ { event: b } ], none: [ { event: a, within: 4h } ] }": False,
    "{ attribute: renews, in_next: 12h }": True,
    "{ attribute: tier, is: vip }": False,
    "{ segment: short }": True,
}


@pytest.mark.parametrize("who", STAYS)
def test_how_long_somebody_stays_follows_from_the_windows(who: str, write_workspace: Writer) -> None:
    """25 hours is what a schedule of one and Criteo's day come to: the shortest way off the list counts, the longest
    way on.
    """
    more = "  short: { publish: false, who: { event: a, within: 5h } }\n"
    assert trips("RL202", write_workspace(definitions(who, more=more))) is STAYS[who]


def test_lists_to_leave_people_out_may_be_short(write_workspace: Writer) -> None:
    """They are not judged by how long somebody is on them."""
    text = definitions("{ event: a, within: 3d }", exclude="short", more="  short: { who: { event: b, within: 5h } }\n")
    assert not trips("RL202", write_workspace(text))


def test_many_references_are_read_once(write_workspace: Writer) -> None:
    """Twenty segments that each refer twice to the next are a million ways, and are told at once."""
    chain = "".join(
        f"  s{n}: {{ publish: false, who: {{ any: [ {{ segment: s{n + 1} }}, {{ segment: s{n + 1} }} ] }} }}\n"
        for n in range(18)
    )
    more = f"{chain}  s18: {{ publish: false, who: {{ event: a, within: 4h }} }}\n"
    assert trips("RL202", write_workspace(definitions("{ segment: s0 }", more=more)))

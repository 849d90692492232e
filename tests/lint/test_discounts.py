"""Who is told to get a discount: by the names and words of a workspace, or by its settings."""

from __future__ import annotations

import pytest

from tests.conftest import Writer
from tests.lint.test_targeting import trips

SHOP = """\
segments:
  stars: { name: NAME, who: { attribute: tier, is: vip } }
  hunters: { name: HUNTERS, who: { event: purchase, times: { at_least: 2 } } }
  lapsed: { who: WHO }
audiences:
  winback: { name: "TITLE", include: [INCLUDE], exclude: [EXCLUDE] }
"""
LAPSED = "{ event: purchase, latest: true, within: 60d..120d }"


def shop(
    *, title: str = "With a voucher", name: str = "VIPs", include: str = "lapsed", exclude: str = "", who: str = LAPSED
) -> str:
    words = {"TITLE": title, "NAME": name, "HUNTERS": "Coupon hunters", "INCLUDE": include, "EXCLUDE": exclude}
    text = SHOP.replace("WHO", who)
    for word, value in words.items():
        text = text.replace(word, value)
    return text


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("With a voucher", True),
        ("20% off until Sunday", True),
        ("Gutschein im Februar", True),
        ("No voucher this time", False),
        ("Back, without a discount", False),
        ("New in: promenade shoes", False),
    ],
)
def test_an_audience_says_that_it_gives_a_discount(title: str, is_one: bool, write_workspace: Writer) -> None:
    """By a word for one, and not by one that is denied or only looks alike."""
    root = write_workspace(shop(title=title))
    assert (trips("RL104", root), trips("RL105", root)) == (is_one, is_one)


@pytest.mark.parametrize(("title", "offer"), [("Hello", "10%"), ("With a voucher", "none")])
def test_what_it_offers_counts_in_place_of_words(title: str, offer: str, write_workspace: Writer) -> None:
    """`offer` is no matter of taste: where it is there, no word is asked."""
    text = shop(title=title).replace("exclude:", f"offer: {{ discount: {offer} }}, exclude:")
    root = write_workspace(text)
    assert (trips("RL104", root), trips("RL105", root)) == (offer == "10%", offer == "10%")


def test_excluding_them_is_enough(write_workspace: Writer) -> None:
    """Each rule asks for its own list."""
    assert not trips("RL104", write_workspace(shop(exclude="stars")))
    assert trips("RL105", write_workspace(shop(exclude="stars")))
    assert not trips("RL105", write_workspace(shop(exclude="hunters")))


def test_leaving_them_out_of_the_definition_is_enough(write_workspace: Writer) -> None:
    """A `none` that names the segment does the same."""
    who = f"{{ all: [ {LAPSED} ], none: [ {{ segment: stars }}, {{ segment: hunters }} ] }}"
    root = write_workspace(shop(who=who))
    assert not trips("RL104", root)
    assert not trips("RL105", root)


def test_the_settings_say_who_is_meant(write_workspace: Writer) -> None:
    """They count in place of names, and an empty list switches the question off."""
    unknown = shop(name="Platinum")
    assert not trips("RL104", write_workspace(unknown))
    assert trips("RL104", write_workspace(unknown, settings="lint: { vips: [stars] }\n"))
    assert not trips("RL104", write_workspace(shop(), settings="lint: { vips: [] }\n"))


def test_discount_seekers_are_an_audience_of_their_own(write_workspace: Writer) -> None:
    """Alone they may have their discount; beside others they are mixed with them, discount or not."""
    assert not trips("RL105", write_workspace(shop(include="hunters", exclude="stars")))
    assert trips("RL105", write_workspace(shop(title="Hello", include="hunters, lapsed")))


def test_without_a_segment_of_them_nobody_can_tell(write_workspace: Writer) -> None:
    """Whoever gives discounts needs to know who waits for them."""
    root = write_workspace(shop(), settings="lint: { discount_seekers: [] }\n")
    assert trips("RL105", root)


@pytest.mark.parametrize(
    ("columns", "lint", "told"),
    [
        ("phone", "severity: { RL106: error }", True),
        ("phone", "country: IN", False),
        ("phone", "country: FR", True),
        ("{ columns: [phone], region: IN }", "severity: { RL106: error }", False),
        ("{ columns: [phone], region: IN }", "country: FR", True),
    ],
)
def test_telephones_are_for_india(columns: str, lint: str, told: bool, write_workspace: Writer) -> None:
    """The account's country decides, and where nobody says it, that of the numbers."""
    root = write_workspace("segments: { all: { who: { everyone: true } } }\n", settings=f"lint: {{ {lint} }}\n")
    settings = root / "reconciler.yaml"
    text = settings.read_text(encoding="utf-8").replace("email: email", f"email: email, phoneNumber: {columns}")
    settings.write_text(text, encoding="utf-8")
    assert trips("RL106", root) is told

"""What YAML, editors and people do to a file: each on one line of the sample, or on lines added to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.config.wrong.case import TEXTS, Wrong, replaced, spoiled

SETTINGS, WINDOWS = "reconciler.yaml", "windows.yaml"
CART, LIFE, OUT = "segments/cart.yaml", "segments/lifecycle.yaml", "segments/suppression.yaml"
RECOVERY, LOYALTY = "campaigns/recovery.yaml", "campaigns/loyalty.yaml"


def traps() -> Iterator[Wrong]:
    """All of them, always the same."""
    yield from yaml_traps()
    yield from invisible()
    yield from meanings()
    yield from encodings()


def yaml_traps() -> list[Wrong]:
    """Where YAML, or a reader of it, takes one thing for another."""
    return [
        replaced("an id as a number", SETTINGS, 'advertiser: "42"', "advertiser: 42", '"42"'),
        replaced("an ad set as a number", RECOVERY, '["700123"]', "[700123]", '"700123"'),
        replaced("no for a name", LIFE, "name: VIPs", "name: null", "no value"),
        replaced("yes for true", OUT, "allow_empty: true", "allow_empty: yes", "true or false"),
        replaced("true in quotes", OUT, "allow_empty: true", 'allow_empty: "true"', "without quotes"),
        replaced("True in capitals", OUT, "allow_empty: true", "allow_empty: True", "true or false"),
        replaced("a clock for a duration", LIFE, "within: 7d }", "within: 4:30 }", "4:30"),
        replaced("an exponent for a number", CART, "at_least: 150", "at_least: 1e3", "a number"),
        replaced("an underscore in a number", CART, "at_least: 150", "at_least: 1_000", "a number"),
        replaced("a hexadecimal number", CART, "at_least: 150", "at_least: 0x96", "a number"),
        replaced("an octal number", CART, "at_least: 150", "at_least: 0o226", "a number"),
        replaced("a number with a comma", CART, "at_least: 150", "at_least: 150,5", ""),
        replaced("a number with a currency", CART, "at_least: 150", "at_least: €150", "a number"),
        replaced("infinity", CART, "at_least: 150", "at_least: .inf", "a number"),
        replaced("a number of forty digits", CART, "at_least: 150", "at_least: " + "1" * 40, "digits"),
        replaced(
            "a list where a colon is missing", CART, "slices: [hot, warm, cooling]", "slices [hot, warm, cooling]"
        ),
        replaced("no space behind a colon", CART, "owner: retention", "owner:retention"),
        replaced("a second colon", CART, "name: Cart abandoners", "name: Cart: abandoners", "quote"),
        replaced("a name that begins with an at", CART, "name: Cart abandoners", "name: @carts", "quotes"),
        replaced("a name that begins with a backtick", CART, "name: Cart abandoners", "name: `carts", "quotes"),
        replaced("a name that begins with a percent", CART, "name: Cart abandoners", "name: %carts", "quotes"),
        replaced("a star", CART, "slices: [hot, warm, cooling]", "slices: [*]", ""),
        replaced("an alias", CART, "owner: retention", "owner: *team", "alias"),
        replaced("an anchor", CART, "owner: retention", "owner: &team retention", "anchor"),
        replaced("a merge", CART, "    owner: retention", "    <<: { owner: retention }", "merging"),
        replaced("a tag", CART, "owner: retention", "owner: !!str retention", "tags"),
        replaced("a tag of Python", CART, "owner: retention", "owner: !!python/object/apply:os.getcwd []", "tags"),
        replaced("a template", CART, "owner: retention", "owner: {{ team }}", "templates"),
        replaced("a quote that never ends", CART, "name: Cart abandoners", 'name: "Cart abandoners', "never ends"),
        replaced(
            "an apostrophe that never ends", CART, "name: Cart abandoners", "name: 'Cart abandoners", "never ends"
        ),
        replaced("typographic quotes", SETTINGS, 'advertiser: "42"', "advertiser: “42”", ""),
        replaced("a bracket that never ends", CART, "[cart_added, checkout_started]", "[cart_added, checkout_started"),
        replaced("a brace that never ends", LIFE, "within: 7d }", "within: 7d"),
        replaced("a bracket too many", CART, "slices: [hot, warm, cooling]", "slices: [hot, warm, cooling]]"),
        replaced("a comma missing", LIFE, "event: purchase, within: 7d", "event: purchase within: 7d"),
        replaced(
            "a dash missing",
            CART,
            "        - segment: suppressed",
            "        segment: suppressed",
            "a list item",
            below=1,
        ),
        replaced("a dash too many", CART, "    owner: retention", "    - owner: retention"),
        replaced("a question mark for a key", CART, "    owner: retention", "    ? [a]\n    : b", "", below=0),
        replaced("a tab for an indentation", CART, "    owner: retention", "\towner: retention", "tab"),
        replaced("a tab behind an indentation", CART, "    owner: retention", "    \towner: retention", ""),
        replaced("a second document", LIFE, "  replenishment:", "---\n  replenishment:", "second document"),
        replaced("a directive", WINDOWS, "version: 1", "%YAML 1.2\n---\nversion: 1", ""),
        replaced("a conflict of git", CART, "    owner: retention", "<<<<<<< HEAD\n    owner: retention", ""),
        replaced("JSON with comments", CART, "    owner: retention", "    // owner\n    owner: retention", ""),
    ]


def invisible() -> Iterator[Wrong]:
    """What looks right and is not."""
    for name, letter in {
        "a zero width space": "\u200b",
        "a zero width joiner": "\u200d",
        "a soft hyphen": "\u00ad",
        "a byte order mark inside": "\ufeff",
        "a mark that turns text": "\u202e",
        "a line separator": "\u2028",
        "a null byte": "\x00",
        "a bell": "\x07",
        "an escape": "\x1b",
        "a delete": "\x7f",
        "a next line": "\x85",
        "a vertical tab": "\x0b",
        "a form feed": "\x0c",
    }.items():
        yield replaced(f"{name} in a value", LIFE, "event: purchase,", f"event: purch{letter}ase,", "U+")
        yield replaced(f"{name} in a key", LIFE, "event: purchase,", f"eve{letter}nt: purchase,", "U+")
    yield replaced("a blank that does not break", CART, "    owner: retention", "\u00a0   owner: retention", "")
    yield replaced("a blank that does not break behind a key", CART, "owner: retention", "owner:\u00a0retention", "")
    yield replaced("a letter of another alphabet", CART, "    owner: retention", "    \u043ewner: retention", "`owner`")
    yield replaced("a long dash in a window", WINDOWS, "warm: 4h..24h", "warm: 4h–24h", "window")
    yield replaced("three dots in one letter", WINDOWS, "warm: 4h..24h", "warm: 4h…24h", "window")


def meanings() -> list[Wrong]:
    """What a schema can't say."""
    suppressed = "        - segment: unsubscribed"
    circle = spoiled(
        "",
        OUT,
        TEXTS[OUT].replace(suppressed, "        - segment: cart-abandoners"),
        _line(CART, "- segment: suppressed"),
    )
    words = "own definition: cart-abandoners -> suppressed -> cart-abandoners"
    doubled = replaced("", CART, "  full-carts:", "  winback:")
    overlap = replaced("", WINDOWS, "warm: 4h..24h", "warm: 3h..24h", "overlaps slice `hot`")
    return [
        replaced("a segment in itself", OUT, suppressed, "        - segment: suppressed", "own definition"),
        replace(circle, name="a circle through two files", file=CART, words=words),
        replace(
            doubled,
            name="a key in two files",
            file=LIFE,
            line=_line(LIFE, "  winback:"),
            words=f"{CART}:{doubled.line}:3",
        ),
        replaced("an unknown segment", CART, "segment: suppressed", "segment: supressed", "did you mean `suppressed`?"),
        replaced("an unknown slice", RECOVERY, "cart-abandoners.hot]", "cart-abandoners.hott]", "did you mean `hot`?"),
        replaced("a slice of none", RECOVERY, "include: [full-carts]", "include: [full-carts.hot]", "no slices"),
        replaced("an unknown window", LIFE, "within: lapsed", "within: lapsd", "did you mean `lapsed`?"),
        replaced("a slice without window", CART, "slices: [hot, warm,", "slices: [hot, wram,", "did you mean `warm`?"),
        replace(overlap, name="slices that overlap", file=CART, line=_line(CART, "slices: [")),
        replaced("a window backwards", WINDOWS, "warm: 4h..24h", "warm: 24h..4h", "ends where it starts"),
        replaced("a window of seconds", WINDOWS, "warm: 4h..24h", "warm: 4h..24s", "window"),
        replaced("a window of weeks in words", WINDOWS, "warm: 4h..24h", "warm: 4 hours to 24 hours", "window"),
        replaced("a window before now", WINDOWS, "warm: 4h..24h", "warm: -4h..24h", ""),
        replaced("a window of a thousand years", WINDOWS, "warm: 4h..24h", "warm: 4h..400000d", "century"),
        replaced("a helper that is sent", RECOVERY, "include: [full-carts]", "include: [suppressed]", "publish"),
        replaced("a suppression list that is included", RECOVERY, "include: [full-carts]", "include: [unsubscribed]"),
        replaced("an ad set of two audiences", RECOVERY, '["700124"]', '["700123"]', "700123"),
        replaced("two lists of one name", LIFE, "name: Winback control group", "name: VIPs", "two of the name"),
        replaced("a name of ours", LIFE, "name: VIPs", "name: VIPs (new)", "may not end"),
        replaced("a period backwards", LOYALTY, "to: 2026-11-30", "to: 2026-10-30", ""),
        replaced("a day that is none", LOYALTY, "to: 2026-11-30", "to: 2026-11-31", ""),
        replaced("a day as in America", LOYALTY, "to: 2026-11-30", "to: 11/30/2026", ""),
        replaced("an unknown opt-out", LOYALTY, "{ recent-purchasers:", "{ recent-purchaser:", "`recent-purchasers`?"),
        replaced(
            "bounds that exclude each other", LIFE, "at_least: 100, at_most: 200000", "at_least: 100, at_most: 10"
        ),
        replaced("a measure that is none", LIFE, "measure: average", "measure: mean", "`average`"),
        replaced("a group beside a leaf", LIFE, "who: { event: purchase,", "who: { any: [], event: purchase,", ""),
        replaced("an empty group", LIFE, "who: { event: purchase, within: 7d }", "who: { all: [] }", "empty"),
        replaced("two leaves", LIFE, "who: { event: purchase,", "who: { attribute: tier, event: purchase,", ""),
        replaced("a latest that is false", LIFE, "latest: true", "latest: false", ""),
        replaced("more than all", LIFE, "percent: 5,", "percent: 500,", "100 or less"),
        replaced("an engine that is none", SETTINGS, "engine: duckdb", "engine: duckdbb", "`duckdb`"),
        replaced("a table outside", SETTINGS, "table: data/", "table: ../data/", ""),
        replaced("a version to come", CART, "version: 1", "version: 2", ""),
        replaced("a version as text", CART, "version: 1", 'version: "1"', ""),
        replaced("settings among definitions", CART, "version: 1", 'version: 1\nadvertiser: "42"', "setting", below=1),
        replaced("a key that waits", CART, "version: 1", "version: 1\nholdouts: {}", "not supported yet", below=1),
        replaced("a share without percent", SETTINGS, "30%", "30", ""),
        replaced("a capital in a key", CART, "  full-carts:", "  Full-Carts:", ""),
        replaced("an underscore in a key", CART, "  full-carts:", "  full_carts:", ""),
    ]


def encodings() -> Iterator[Wrong]:
    """The same slip in a file that another editor saved."""
    text = TEXTS[CART].replace("owner: retention", "ownr: retention", 1)
    line = text[: text.index("ownr")].count("\n") + 1
    yield spoiled("line ends of Windows", CART, text.replace("\n", "\r\n"), line, "did you mean `owner`?")
    yield spoiled("line ends of an old Mac", CART, text.replace("\n", "\r"), line, "did you mean `owner`?")
    yield spoiled("no line end at the end", CART, text.rstrip("\n"), line, "did you mean `owner`?")
    yield spoiled("trailing blanks", CART, text.replace("\n", "  \n"), line, "did you mean `owner`?")


def _line(file: str, words: str) -> int:
    text = TEXTS[file]
    return text.count("\n", 0, text.index(words)) + 1

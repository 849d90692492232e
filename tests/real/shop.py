"""A shop made of the log: `customers.csv` and `events/YYYY-MM.csv.gz`, the same bytes every time.

What the log does not tell (addresses, consent, attributes, amounts) is taken from the SHA-256 of the customer's key or
of the row's number, so nothing here depends on chance, order or the machine. All addresses end in example.com.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

MEMBER = "retentioneering/datasets/ecom.csv.gz"
ROWS = 31_106

Row = Mapping[str, str]

YES = ("true", "TRUE", "yes", "Yes", "y", "1", "T")
NO = ("false", "False", "no", "NO", "n", "0", "f")
TIERS = ("gold", "gold", "silver", "silver", "bronze", "Gold", " gold", "golden", "", "  ")
NOTES = (
    "100% happy", "100 percent happy", "a_b test", "axb test", "O'Neil called", 'said "no, thanks"', "café visit",
    "line one\nline two", "back\\slash", "", "   ", "CAFÉ visit",
)  # fmt: skip
WORDS = (
    "shopper", "shopper", "shopper", "shopper", "client.name", "client+tag", "käufer", "cafe\u0301", "ПОКУПАТЕЛЬ",
    "ΠΕΛΑΤΗΣ", "顧客", "\ufb01nch", "İzmir", "\u212aelvin",
)  # fmt: skip

# Broken for good: whatever is tidied, none of these is an address. `{n}` is a local part of the customer's own.
BROKEN = (
    "", "   ", "\u00a0\u200b", "n/a", "{n}.example.com", "{n} at example.com", "{n}@@example.com",
    "{n}@shop@example.com", "{n}@example.com,{n}@example.com", "{n}\uff20@example.com", "{n} x@example.com",
    "{n}\u2003x@example.com", "{n}\x07@example.com", "@example.com", "{n}@", "x" * 65 + "@example.com",
    "\ufb03" * 22 + "@example.com", "{n}@localhost", "{n}@example..com", "{n}@.example.com", "{n}@example.com.",
    "{n}@-shop.example.com", "{n}@shop-.example.com", "{n}@my_shop.example.com", "{n}@example.com.c",
    "{n}@example.com.123", "{n}@shop .example.com", "{n}@" + "d" * 64 + ".example.com", "{n}@shop\u3002example.com",
)  # fmt: skip

# Untidy and valid: each is the same address once it is normalised.
UNTIDY = (
    "{a}", "{a}", "{a}", "{a}", "  {a} ", "\t{a}\n", "\u00a0{a}\u00a0", "\u3000{a}", "\ufeff{a}", "\u200b {a} \u200b",
)  # fmt: skip


def number(purpose: str, key: str, below: int) -> int:
    """A number from 0 up to `below`, always the same for a purpose and a key."""
    return int.from_bytes(hashlib.sha256(f"{purpose}:{key}".encode()).digest()[:8], "big") % below


def pick(purpose: str, key: str, choices: Sequence[str]) -> str:
    return choices[number(purpose, key, len(choices))]


def read_log(wheel: Path) -> list[dict[str, str]]:
    """The events of the log, in its order."""
    with zipfile.ZipFile(wheel) as archive:
        text = gzip.decompress(archive.read(MEMBER)).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def domain_of_length(length: int) -> str:
    """A well-formed domain of exactly `length` characters."""
    labels, rest = [], length - len("example.com")
    while rest > 64:
        labels.append("d" * 61)
        rest -= 62
    return ".".join([*labels, "d" * (rest - 1), "example.com"])


def address(key: str) -> str:
    """The customer's own address, valid but in any case and script; a few are as long as an address may be."""
    digits = key.rpartition("_")[2]
    local = pick("word", key, WORDS) + digits
    match number("length", key, 60):
        case 0:
            return "x" * (64 - len(digits)) + digits + "@example.com"
        case 1:
            return f"{local}@{domain_of_length(254 - len(local) - 1)}"
        case 2:
            return f"{local}@{'d' * 63}.example.com"
    return f"{local}@example.com"


def untidy(form: str, plain: str) -> str:
    """The address as people and forms deliver it."""
    text = pick("untidy:" + form, plain, UNTIDY).format(a=plain)
    match number("letters:" + form, plain, 12):
        case 0 | 1:
            return text.upper()
        case 2:
            return text.replace("@", "\uff20")
        case 3:
            return text.replace("@", "\u200b@\u2060")
        case 4:
            return text.replace("example", "\uff45\uff58ample").replace("com", "c\u00adom")
    return text


def broken(key: str) -> str:
    digits = key.rpartition("_")[2]
    if number("too long", key, 12) == 0:
        return f"y{digits}@{domain_of_length(255 - 6)}"
    return pick("broken form", key, BROKEN).replace("{n}", "b" + digits)


def owner_of_address(keys: Sequence[str], index: int) -> str:
    """Every twentieth customer gives the address of the one before, so that two share it."""
    if index and number("shared", keys[index], 20) == 0 and number("shared", keys[index - 1], 20):
        return keys[index - 1]
    return keys[index]


def first_address(keys: Sequence[str], index: int) -> str:
    key = keys[index]
    if number("broken", key, 10) == 0:
        return broken(key)
    return untidy("first" + key, address(owner_of_address(keys, index)))


def second_address(keys: Sequence[str], index: int) -> str:
    """Most have none; others repeat their first one, have one of their own, somebody else's, or a broken one."""
    key = keys[index]
    match number("second", key, 12):
        case 0:
            return untidy("again" + key, address(key))
        case 1 | 2:
            return untidy("own" + key, f"second.{key.rpartition('_')[2]}@mail.example.com")
        case 3 if index > 1:
            return untidy("household" + key, address(keys[index - 2]))
        case 4:
            return broken("second" + key)
    return ""


def yes_or_no(purpose: str, key: str, yes: int, no: int) -> str:
    """Of a hundred customers `yes` say yes and `no` say no, in any spelling; the rest say nothing, or neither."""
    drawn = number(purpose, key, 100)
    if drawn < yes:
        return pick(purpose + " yes", key, YES)
    if drawn < yes + no:
        return pick(purpose + " no", key, NO)
    return pick(purpose + " else", key, ("", "  ", "perhaps", "2"))


def points(key: str) -> str:
    """Whole and decimal numbers, a few below zero, a few that are none."""
    value = str(number("points", key, 1000) - 100)
    forms = (value, value, value, value + ".50", value + ".00", "0", "0.0", "120.10", "", "twelve", "1,5")
    return pick("points form", key, forms)


def amount(row_number: int) -> str:
    """Cents of a purchase; a few are missing or unreadable."""
    key = str(row_number)
    cents = f"{100 + number('amount', key, 60_000)}"
    return pick("amount form", key, (cents,) * 12 + (cents + ".5", "", "n/a"))


def customer(keys: Sequence[str], index: int, seen: Row) -> dict[str, str]:
    key = keys[index]
    return {
        "customer_id": key,
        "email": first_address(keys, index),
        "email_2": second_address(keys, index),
        "marketing_consent": yes_or_no("consent", key, 78, 12),
        "newsletter": yes_or_no("newsletter", key, 45, 40),
        "opted_out": yes_or_no("opted out", key, 6, 70),
        "points": points(key),
        "tier": pick("tier", key, TIERS),
        "note": pick("note", key, NOTES),
        "channel": seen["acquisition_channel"],
        "cohort": seen["user_cohort"],
    }


def customers(log: Iterable[Row]) -> list[dict[str, str]]:
    """One record for each user of the log but for every fiftieth, whose events are then nobody's."""
    seen = {row["user_id"]: row for row in log}
    keys = sorted(key for key in seen if number("nobody", key, 50))
    return [customer(keys, index, seen[key]) for index, key in enumerate(keys)]


def event(row_number: int, row: Row) -> dict[str, str]:
    bought = row["event"] == "purchase"
    gift = yes_or_no("gift", str(row_number), 30, 60) if bought else ""
    return {**row, "amount": amount(row_number) if bought else "", "gift": gift}


def as_csv(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(wheel: Path, folder: Path) -> None:
    """Write the shop into `folder`: `customers.csv` and one file of events a month."""
    log = read_log(wheel)
    (folder / "events").mkdir(parents=True)
    (folder / "customers.csv").write_text(as_csv(customers(log)), encoding="utf-8", newline="")
    months: dict[str, list[Row]] = {}
    for row_number, row in enumerate(log):
        months.setdefault(row["timestamp"][:7], []).append(event(row_number, row))
    for month, rows in months.items():
        (folder / "events" / f"{month}.csv.gz").write_bytes(gzip.compress(as_csv(rows).encode(), mtime=0))

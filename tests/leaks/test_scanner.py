"""The scanner finds what it is to find, so that finding nothing means something."""

from __future__ import annotations

import base64
import gzip
import html
import json
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.leaks.scanner import Scanner

SECRETS = ("canary.one@example.com", "größe.2@example.org", "no-at.example.net")
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "upper": lambda secret: secret.upper().encode(),
    "title": lambda secret: secret.title().encode(),
    "swapped": lambda secret: secret.title().swapcase().encode(),
    "full width": lambda secret: secret.replace("@", "\uff20").encode(),
    "latin-1": lambda secret: secret.encode("latin-1"),
    "utf-16-le": lambda secret: secret.encode("utf-16-le"),
    "utf-16-be": lambda secret: secret.encode("utf-16-be"),
    "utf-16 with its mark": lambda secret: secret.encode("utf-16"),
    "url": lambda secret: urllib.parse.quote(secret, safe="").encode(),
    "url of everything": lambda secret: "".join(f"%{byte:02x}" for byte in secret.encode()).encode(),
    "html": lambda secret: html.escape(secret).replace("@", "&#64;").encode(),
    "json": lambda secret: json.dumps(secret).encode(),
    "json of everything": lambda secret: "".join(f"\\u{ord(each):04x}" for each in secret).encode(),
    "repr of bytes": lambda secret: repr(secret.encode()).encode(),
    "hex": lambda secret: secret.encode().hex().encode(),
    "upper hex": lambda secret: secret.encode().hex().upper().encode(),
    "base64": lambda secret: base64.b64encode(secret.encode()),
    "base64 of upper": lambda secret: base64.b64encode(secret.upper().encode()),
    "base64 in the middle by one": lambda secret: base64.b64encode(f"x{secret}yy".encode()),
    "base64 in the middle by two": lambda secret: base64.b64encode(f"xy{secret}z".encode()),
    "url-safe base64 without padding": lambda secret: base64.urlsafe_b64encode(secret.encode()).rstrip(b"="),
    "base64 glued to a letter": lambda secret: b"K" + base64.b64encode(secret.encode()),
}


@pytest.mark.parametrize("number", range(len(SECRETS)))
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("around", [b"", b"row 17: [", b"odd"], ids=["alone", "in text", "at an odd place"])
def test_an_address_is_found_in_every_encoding(number: int, encoding: str, around: bytes) -> None:
    """Whatever stands around it, and it is told by its number alone."""
    glue = b"" if encoding.startswith(("utf-16", "hex", "upper hex", "base64", "url-safe")) else around[::-1]
    before = around + b" " if around and not encoding.startswith("utf-16") else around
    finds = Scanner(SECRETS).data(before + ENCODINGS[encoding](SECRETS[number]) + glue, "here")

    assert {find.number for find in finds} == {number}
    assert SECRETS[number] not in repr(finds)


def test_what_a_table_holds_in_disguise_is_found() -> None:
    """A washed address is a leak as well, not only the one that stands in the source."""
    scanner = Scanner(["  \u200bCanary.One\uff20Example.COM "])
    assert scanner.text("canary.one@example.com", "here")


def test_files_are_read_by_name_by_content_and_by_row(tmp_path: Path) -> None:
    """Names of files, gzip, and rows of Parquet, which is compressed and would hide them."""
    secret = SECRETS[0]
    (tmp_path / f"of-{secret}.txt").write_text("nothing")
    (tmp_path / "zipped.gz").write_bytes(gzip.compress(secret.encode()))
    rows = f"select '{secret}' as email from range(500)"  # noqa: S608 - a constant of this file
    duckdb.execute(f"copy ({rows}) to '{tmp_path / 'rows.parquet'}' (compression zstd)")

    assert {f"name of of-{secret}.txt", "zipped.gz", "rows of rows.parquet"} <= {
        find.place for find in Scanner(SECRETS).folder(tmp_path)
    }


def test_nothing_is_found_where_nothing_is() -> None:
    """Digests, domains and other people's addresses are no finds."""
    text = f"{'3f' * 32} example.com somebody.else@example.com Example: reconciler plan"
    assert Scanner(SECRETS).text(text, "here") == []


def test_the_name_before_the_at_is_enough() -> None:
    """Half an address is a leak as well, wherever its dot stands."""
    halves = ["bade.7", "x.lolo.31", ".dotted"]
    finds = Scanner(halves).text("bade.7;ax.lolo.31@example.com .dotted", "here")
    assert [find.number for find in finds] == [0, 1, 2]


def test_what_is_too_short_to_tell_is_left_out() -> None:
    """A blank or a missing address is no secret, and would be found everywhere."""
    assert Scanner(["", "  ", "a@b", SECRETS[0]]).count == 1

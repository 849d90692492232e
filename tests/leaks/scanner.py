"""Find addresses in whatever was written or printed, in any case and in the usual encodings."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import re
import unicodedata
import urllib.parse
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

SHORTEST = 6
"""Characters: anything shorter turns up by chance."""

REACH = 4
"""Characters before a secret's first anchor by which it is looked up."""

_ANCHOR = re.compile(r"[@.]")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){6,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_DIGEST = re.compile(r"[0-9a-f]{64}|[0-9A-F]{64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Find:
    """An address that should not be there: by its number, since a report must not repeat it, and how it was written."""

    place: str
    number: int
    encoding: str


class Scanner:
    """Looks for secrets. Each is at least `SHORTEST` characters long and has an `@` or a dot; others are left out."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form: number for number, secret in enumerate(secrets) for form in _forms(secret)}
        self.count = len(set(forms.values()))
        self._by_anchor: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        for form, number in forms.items():
            at = min(form.find(anchor) for anchor in "@." if anchor in form)
            self._by_anchor[form[max(0, at - REACH) : at + 1]].append((form, at, number))

    def text(self, text: str, place: str) -> list[Find]:
        """What is found in something that was printed."""
        return self.data(text.encode("utf-8", "surrogateescape"), place)

    def data(self, data: bytes, place: str) -> list[Find]:
        """What is found in bytes, however they are to be read."""
        found = {
            (number, encoding)
            for encoding, view in _views(data)
            for number in self._in(unicodedata.normalize("NFKC", view).casefold())
        }
        return [Find(place=place, number=number, encoding=encoding) for number, encoding in sorted(found)]

    def folder(self, folder: Path) -> list[Find]:
        """What is found in the files below a folder, their names included; Parquet is read as well."""
        finds: list[Find] = []
        for path in sorted(folder.rglob("*")):
            place = str(path.relative_to(folder))
            finds += self.text(place, f"name of {place}")
            if path.is_file():
                finds += self.data(path.read_bytes(), place)
                finds += self.text(_parquet(path), f"rows of {place}") if path.suffix == ".parquet" else []
        return finds

    def _in(self, view: str) -> Iterator[int]:
        for match in _ANCHOR.finditer(view):
            at = match.start()
            for reach in range(min(REACH, at) + 1):
                for form, before, number in self._by_anchor.get(view[at - reach : at + 1], ()):
                    if before <= at and view.startswith(form, at - before):
                        yield number


def _forms(secret: str) -> Iterator[str]:
    """As it stands, and as the cleaning of addresses leaves it."""
    plain = unicodedata.normalize("NFKC", secret).casefold()
    clean = "".join(each for each in plain if unicodedata.category(each) != "Cf")
    yield from {
        form for form in (plain, plain.strip(), clean.strip()) if len(form) >= SHORTEST and _ANCHOR.search(form)
    }


def _views(data: bytes) -> Iterator[tuple[str, str]]:
    """The data read in every way in which an address could hide, each with its name."""
    plain = data.decode("utf-8", "replace")
    yield "plain", plain
    yield "latin-1", data.decode("latin-1") if not data.isascii() else ""
    if b"\0" in data:
        for name in ("utf-16-le", "utf-16-be"):
            yield name, data.decode(name, "replace")
            yield name, data[1:].decode(name, "replace")
    if data[:2] == b"\x1f\x8b":
        yield "gzip", _unzipped(data)
    yield "url", urllib.parse.unquote_plus(plain) if "%" in plain else ""
    yield "html", html.unescape(plain) if "&" in plain else ""
    if "\\" in plain:
        escaped = _ESCAPED.sub(_character, plain)
        yield "escaped", escaped
        yield "escaped bytes", escaped.encode("latin-1", "replace").decode("utf-8", "replace")
    without_digests = _DIGEST.sub(" ", plain)  # ours are SHA-256; as text they are nothing, and they are most of all
    yield "hex", "\n".join(_decoded(_HEX, without_digests, _unhex, (0, 1)))
    yield "base64", "\n".join(_decoded(_BASE64, without_digests, _unbase64, (0, 1, 2, 3)))


def _unzipped(data: bytes) -> str:
    try:
        return gzip.decompress(data).decode("utf-8", "replace")
    except (OSError, EOFError, zlib.error):
        return ""


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1] or match[2], 16))


def _decoded(
    runs: re.Pattern[str], text: str, decode: Callable[[str], bytes], shifts: tuple[int, ...]
) -> Iterator[str]:
    """Every run decoded from each place at which it may begin, as the text in front of it may be glued to it."""
    for match in runs.finditer(text):
        for shift in shifts:
            yield decode(match[0][shift:]).decode("utf-8", "replace")


def _unhex(run: str) -> bytes:
    return binascii.unhexlify(run[: len(run) // 2 * 2])


def _unbase64(run: str) -> bytes:
    plain = run.rstrip("=").replace("-", "+").replace("_", "/")
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    return base64.b64decode(plain + "=" * (-len(plain) % 4))


def _parquet(path: Path) -> str:
    """The rows of a file as text; what can't be read has no rows to show."""
    try:
        with duckdb.connect() as db:
            rows = db.execute("select * from read_parquet(?)", [str(path)]).fetchall()
    except duckdb.Error:
        return ""
    return "\n".join(
        str(value.decode("utf-8", "replace") if isinstance(value, bytes) else value) for r in rows for value in r
    )

"""Workspaces that no schema can help: odd files, odd folders, and files made to exhaust who reads them."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from tests.config.wrong.case import TEXTS, Wrong

CART = "segments/cart.yaml"
_MIB = 1024 * 1024


def strange() -> Iterator[Wrong]:
    """Odd bytes, files and folders, always the same."""
    yield from unreadable_bytes()
    yield from odd_files()
    yield from odd_folders()


def unreadable_bytes() -> Iterator[Wrong]:
    """A file in another encoding than UTF-8."""
    text = TEXTS[CART]
    accent = text.replace("Cart abandoners", "Paniers oubliés", 1)
    line = accent.count("\n", 0, accent.index("oubliés")) + 1
    for encoding in ("latin-1", "cp1252", "mac-roman", "cp437"):
        yield _bytes(f"saved as {encoding}", accent.encode(encoding), line, "not UTF-8")
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"):
        yield _bytes(f"saved as {encoding}", text.encode(encoding), 1, "save it as UTF-8")
    yield _bytes("a byte order mark", text.encode("utf-8-sig"), 1, "byte order mark")
    yield _bytes("a letter cut in half", accent.encode().replace("é".encode(), "é".encode()[:1], 1), line, "not UTF-8")
    yield _bytes("half a pair of UTF-16", accent.encode().replace("é".encode(), b"\xed\xa0\x80", 1), line, "not UTF-8")
    yield _bytes("an overlong letter", accent.encode().replace("é".encode(), b"\xc0\xaf", 1), line, "not UTF-8")
    yield _bytes("compressed", b"\x1f\x8b\x08" + bytes(range(256)) * 9, 1, "not UTF-8")
    yield _bytes("a picture", b"\x89PNG\r\n\x1a\n" + bytes(99), 1, "not UTF-8")
    yield _bytes("nothing but null bytes", bytes(99), 1, "U+0000")


def odd_files() -> Iterator[Wrong]:
    """Something else where a file should be, or a file that is not where it should be."""
    yield _made("an empty file", CART, lambda path: path.write_bytes(b""), 1, "is empty")
    yield _made("nothing but a comment", CART, lambda path: path.write_text("# later\n"), 1, "is empty")
    yield _made("a list for a file", CART, lambda path: path.write_text("- version: 1\n"), 1, "a mapping")
    yield _made("a text for a file", CART, lambda path: path.write_text("version 1\n"), 1, "a mapping")
    yield _made("a folder with the name of a file", "more.yaml/a.yaml", _deep, 2, "unknown key `segmnts`")
    yield _made("a pipe", "more.yaml", os.mkfifo, 1, "is not a file")
    yield _made("a socket", "s.yaml", _bind, 1, "is not a file")
    yield _made("a link to nothing", "more.yaml", lambda path: path.symlink_to("nowhere.yaml"), 1, "No such file")
    yield _made("a link to itself", "more.yaml", lambda path: path.symlink_to("more.yaml"), 1, "")
    yield _made("a link out of the workspace", "more.yaml", _link_out, 1, "leaves the workspace")
    yield _made("a link to a device", "more.yaml", lambda path: path.symlink_to("/dev/zero"), 1, "leaves the workspace")
    yield _made("the wrong ending", "more.yml", lambda path: path.write_text("version: 1\n"), 1, "`more.yaml`")
    yield _made("an ending in capitals", "more.YAML", lambda path: path.write_text("version: 1\n"), 1, "`more.yaml`")
    yield _made("no settings", "reconciler.yaml", Path.unlink, 1, "is missing")
    yield _made("settings that are a pipe", "reconciler.yaml", _pipe_instead, 1, "is not a file")
    yield _made("settings that are a folder", "reconciler.yaml", _folder_instead, 1, "")
    if os.geteuid() != 0:
        yield _made("a file that may not be read", CART, lambda path: path.chmod(0), 1, "Permission denied")
        yield _made("a folder that may not be read", "segments", lambda path: path.chmod(0), 1, "Permission denied")


def odd_folders() -> Iterator[Wrong]:
    """Links among folders; those that lead around in a circle must end."""
    yield _made("a linked folder of YAML from outside", "more/a.yaml", _link_folder_out, 1, "leaves the workspace")
    yield _made("folders linked in a circle", "more/a.yaml", _ring, 2, "unknown key `segmnts`")
    yield _made("a deep folder", "/".join(["deep"] * 60) + "/a.yaml", _deep, 2, "unknown key `segmnts`")


def exhausting() -> Iterator[Wrong]:
    """Files that would take hours or all memory of a reader that trusts them."""
    huge = "is larger than 1024 KiB; split it"
    yield _made("ten megabytes of comments", "a.yaml", lambda path: path.write_bytes(b"# filler\n" * _MIB), 1, huge)
    yield _made("ten megabytes in one line", "a.yaml", lambda path: path.write_bytes(b"a" * 10 * _MIB), 1, huge)
    yield _made("ten megabytes of brackets", "a.yaml", lambda path: path.write_bytes(b"[" * 10 * _MIB), 1, huge)
    yield _made("a hole of a terabyte", "a.yaml", _hole, 1, huge)
    yield _text("a billion laughs", _laughs(), 3, "aliases (`*`) are not supported")
    yield _text("an alias of itself", "version: 1\nsegments: &a { b: *a }\n", 2, "")
    yield _text("a hundred thousand brackets", "version: 1\nsegments: " + "[" * 100_000, 2, "nested more than")
    yield _text("a hundred thousand braces", "version: 1\nsegments: " + "{a: " * 100_000, 2, "nested more than")
    yield _text("a hundred thousand dashes", "version: 1\nsegments:\n  " + "- " * 100_000, 3, "nested more than")
    yield _text(
        "a hundred thousand question marks", "version: 1\nsegments:\n  " + "? " * 100_000, 3, "nested more than"
    )
    yield _text(
        "conditions forty deep", f"{_HEAD}{'{ all: [ ' * 40}{{ everyone: true }}{' ] }' * 40} }}\n", 3, "nested"
    )
    yield _text("a megabyte of dashes", "version: 1\n" + "-" * 1_000_000 + "\n", 2, "behind this key")
    yield _text("a megabyte of blanks", "version: 1\n- " + " " * 1_000_000 + "x\n", 2, "a list item among keys")
    yield _text("a megabyte of line ends", "version: 1\n" + "\n" * 1_000_000 + "x: 1\n", 1_000_002, "unknown key")
    yield _text("a megabyte of colons", "version: 1\n" + "a:" * 500_000 + "\n", 2, "")
    yield _text("a key of a megabyte", "version: 1\n" + "k" * 1_000_000 + ": 1\n", 2, "")
    yield _text("a text of a megabyte", "version: 1\nsegments: " + "x" * 1_000_000, 2, "expected a mapping, not `xxxx")
    yield _text("a number of a megabyte", f"{_HEAD}{{ event: a, times: {'9' * 1_000_000} }} }}\n", 3, "digits")
    yield _text(
        "a duration of a megabyte", f"{_HEAD}{{ event: a, within: {'9' * 1_000_000}d }} }}\n", 3, "is no window"
    )
    yield _text(
        "fifty thousand unknown keys", "version: 1\n" + "".join(f"k{n}: 1\n" for n in range(50_000)), 2, "unknown"
    )
    yield _text("fifty thousand times one key", "version: 1\n" + "a: 1\n" * 50_000, 3, "first in line 2")
    yield _text("fifty thousand tags", "version: 1\na: [" + "!x 1, " * 50_000 + "]\n", 2, "tags")
    yield _text("fifteen thousand unknown segments", _unknown(15_000), 3, "there is no segment")
    yield _text("a circle of two thousand segments", _circle(2_000), 3, "own definition")
    yield _text("a chain of two thousand segments", _chain(2_000), 1_982, "a chain of more than 20")
    yield _text("fifty thousand kinds of event", f"{_HEAD}{{ event: [{', '.join(['a'] * 50_000)}] }} }}\n", 3, "twice")


_HEAD = "version: 1\nsegments:\n  a: { who: "


def _laughs() -> str:
    names = "abcdefghi"
    first = "version: 1\na: &a [lol]\n"
    rest = (f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in pairwise(names))
    return first + "".join(rest)


def _unknown(count: int) -> str:
    return "version: 1\nsegments:\n" + "".join(f"  a{n}: {{ who: {{ segment: b{n} }} }}\n" for n in range(count))


def _circle(count: int) -> str:
    lines = (f"  a{n}: {{ who: {{ segment: a{(n + 1) % count} }} }}\n" for n in range(count))
    return "version: 1\nsegments:\n" + "".join(lines)


def _chain(count: int) -> str:
    lines = [f"  a{n}: {{ who: {{ segment: a{n + 1} }} }}\n" for n in range(count - 1)]
    return "version: 1\nsegments:\n" + "".join([*lines, f"  a{count - 1}: {{ who: {{ everyone: true }} }}\n"])


def _text(name: str, text: str, line: int, words: str) -> Wrong:
    return _made(name, "more.yaml", lambda path: path.write_text(text, encoding="utf-8"), line, words)


def _bytes(name: str, data: bytes, line: int, words: str) -> Wrong:
    return _made(name, CART, lambda path: path.write_bytes(data), line, words)


def _made(name: str, file: str, do: Callable[[Path], object], line: int, words: str) -> Wrong:
    return Wrong(name=name, make=lambda root: do(root / file), file=file, line=line, words=words)


def _bind(path: Path) -> None:
    """The name of a socket may not be long, so it is bound from within its folder."""
    here = Path.cwd()
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


def _hole(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1024**4)


def _link_out(path: Path) -> None:
    outside = path.parents[1] / "outside.yaml"
    outside.write_text("version: 1\n", encoding="utf-8")
    path.symlink_to(outside)


def _link_folder_out(path: Path) -> None:
    outside = path.parents[2] / "outside"
    outside.mkdir()
    (outside / path.name).write_text("version: 1\n", encoding="utf-8")
    path.parent.symlink_to(outside)


def _ring(path: Path) -> None:
    path.parent.mkdir()
    (path.parent / "ring").symlink_to(path.parent)
    (path.parent / "up").symlink_to(path.parents[1])
    path.write_text("version: 1\nsegmnts: {}\n", encoding="utf-8")


def _deep(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("version: 1\nsegmnts: {}\n", encoding="utf-8")


def _pipe_instead(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()

"""Small words to write YAML with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from reconciler.config.scalars import typed

_PLAIN = re.compile(r"[A-Za-z_][\w./-]*( [\w./-]+)*")
_ELSEWHERE = re.compile(r"(?i)y|yes|n|no|on|off|true|false|null")


def word(text: str) -> str:
    """A text as a scalar that every reader of YAML takes for this text."""
    is_plain = _PLAIN.fullmatch(text) and not _ELSEWHERE.fullmatch(text) and typed(text) == text
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def words(texts: Iterable[str]) -> str:
    """One text by itself, or several as a list."""
    found = [word(text) for text in texts]
    return found[0] if len(found) == 1 else f"[{', '.join(found)}]"


def comment(text: str, indent: int = 0, width: int = 118) -> str:
    """A text as lines of comment."""
    lines, line = [], ""
    for each in text.split():
        if line and len(line) + len(each) + 3 + indent > width:
            lines.append(line)
            line = each
        else:
            line = f"{line} {each}" if line else each
    return "".join(f"{' ' * indent}# {each}\n" for each in [*lines, line])

"""Small words to write YAML with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from reconciler.config.problems import Problems
from reconciler.config.scalars import typed
from reconciler.scaffold.form import form_of

_PLAIN = re.compile(r"[A-Za-z_][\w./-]*( [\w./-]+)*|[0-9]+[mhdw]([.][.]([0-9]+[mhdw])?)?")
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


def as_yaml(document: Mapping[str, Any]) -> str:
    """A document as YAML in the one form: short values in brackets, long ones below their key."""
    text = "".join(f"{word(key)}: {_flow(value)}\n" for key, value in document.items())
    return form_of(text, "document", Problems()) or text


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{word(key)}: {_flow(each)}' for key, each in value.items())} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, str):
        return word(value)
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value)

"""What the schemas find wrong, in our words: where, which key, what was expected, and the nearest right name."""

from __future__ import annotations

import re
from collections.abc import Callable

from reconciler.config import schema
from reconciler.config.nodes import Node
from reconciler.config.problems import Problems
from reconciler.config.scalars import shown
from reconciler.config.schema import Violation
from reconciler.config.wording import for_example, meant

_ONE_LEAF = "; a condition is a group (`all`, `any`, `none`) or one leaf"

_LEAVE_OUT = "compares an attribute; to leave people out write `none: [ … ]` with conditions in it"
_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


def check_structure(root: Node, problems: Problems, *, is_settings: bool) -> None:
    """Hold one document against its schema."""
    name = schema.SETTINGS if is_settings else schema.DEFINITIONS
    _Structure(root, problems).check(name)


class _Structure:
    def __init__(self, root: Node, problems: Problems) -> None:
        self._root = root
        self._problems = problems
        self._told = {(node, False) for node in problems.nodes}
        self._rules: dict[str, Callable[[Violation, Node], None]] = {
            "additionalProperties": self._unknown_keys,
            "required": self._missing_key,
            "dependentRequired": self._missing_companion,
            "type": self._wrong_type,
            "enum": self._wrong_word,
            "anyOf": self._no_companion,
        }

    def check(self, name: str) -> None:
        for error in schema.violations(self._root.plain(), name):
            node = self._root.find(error.path)
            if "propertyNames" in error.rules:
                self._wrong_key(error, node)
            else:
                self._rules.get(error.rule, self._by_message)(error, node)

    def _tell(self, node: Node, message: str, *, at_key: bool = False) -> None:
        """One problem for each key and one for each value: the first is the nearest to its cause."""
        if (node, at_key) not in self._told:
            self._told.add((node, at_key))
            self._problems.add(node, message, at_key=at_key)

    def _unknown_keys(self, error: Violation, node: Node) -> None:
        known = error.schema.get("properties", {})
        for key, child in node.entries():
            if key not in known:
                self._tell(child, self._about_unknown(key, error), at_key=True)

    def _about_unknown(self, key: str, error: Violation) -> str:
        if key in error.schema.get("x-not-yet", ()):
            return f"`{key}` is not supported yet"
        if not error.path and key in schema.settings_keys():
            return f"`{key}` is a setting; settings stand in reconciler.yaml only"
        known = error.schema.get("properties", {})
        return f"unknown key `{shown(key)}`" + (meant(key, known) or self._problems.nearest(key, known))

    def _wrong_key(self, error: Violation, node: Node) -> None:
        key = str(error.value)
        child = node.find([key])
        path = error.rules
        if "dependentSchemas" not in path[-4:]:
            self._tell(child, (error.words or "is no name") + self._problems.nearest(key, _names(error)), at_key=True)
            return
        beside = str(path[path.index("dependentSchemas", len(path) - 4) + 1])
        if error.words:
            self._tell(child, f"`{shown(key)}` {error.words}", at_key=True)
        elif error.rule == "not":
            self._tell(
                child,
                f"only one of `times`, `latest`, `first` and `total` can stand beside `event`; `{beside}` does",
                at_key=True,
            )
        elif (node.find([beside]), True) not in self._told:
            self._tell(child, f"`{shown(key)}` does not go with `{beside}`{_ONE_LEAF}", at_key=True)

    def _missing_key(self, error: Violation, node: Node) -> None:
        missing = [key for key in error.wanted if key not in node]
        self._tell(node, "lacks " + " and ".join(f"`{key}`" for key in missing), at_key=True)

    def _missing_companion(self, error: Violation, node: Node) -> None:
        for key, needed in error.wanted.items():
            for other in needed:
                child = node.get(key)
                if child is not None and other not in node:
                    self._tell(child, f"needs `{other}` beside it", at_key=True)

    def _no_companion(self, error: Violation, node: Node) -> None:
        """A key that needs one of several others beside it, or a mapping that lacks all of several."""
        if error.words:
            self._tell(node, error.words, at_key=True)
            return
        needed = [f"`{key}`" for each in error.wanted for key in each["required"]]
        self._tell(node.find([error.rules[-2]]), f"needs {_choice(needed)} beside it", at_key=True)

    def _wrong_type(self, error: Violation, node: Node) -> None:
        kinds = [error.wanted] if isinstance(error.wanted, str) else error.wanted
        expected = _choice([_KINDS[kind] for kind in kinds])
        if error.words:
            self._tell(node, error.words)
        elif node.key == "not" and isinstance(node.value, dict):
            self._tell(node, _LEAVE_OUT, at_key=True)
        elif node.value is None and not node.quoted:
            self._tell(node, f"has no value; expected {expected}{for_example(error.schema, kinds)}")
        elif "string" in kinds and not isinstance(node.value, list | dict):
            self._tell(node, f'expected {expected}; put it in quotes: "{shown(node.raw)}"')
        else:
            self._tell(node, f"expected {expected}{_instead(node, kinds)}{for_example(error.schema, kinds)}")

    def _wrong_word(self, error: Violation, node: Node) -> None:
        allowed = [str(each) for each in error.wanted]
        if error.words:
            self._tell(node, error.words)
            return
        choice = _choice([f"`{each}`" for each in allowed])
        hint = self._problems.nearest(node.raw, allowed) if len(allowed) > 1 else ""
        self._tell(node, f"must be {choice}{hint}")

    def _by_message(self, error: Violation, node: Node) -> None:
        self._tell(node, error.words or _GENERAL[error.rule].format(error.wanted))


def _choice(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _names(error: Violation) -> list[str]:
    """The name that was meant, where the one that stands there has a form that names can't have."""
    name = re.sub(r"[^a-z0-9]+", "-", str(error.value).lower()).strip("-")
    return [name] if error.rule == "pattern" and re.search(error.wanted, name) else []


def _instead(node: Node, kinds: list[str]) -> str:
    if isinstance(node.value, list | dict):
        return ""
    if "boolean" in kinds and node.raw.lower() in _TRUTHS:
        return f": write {_TRUTHS[node.raw.lower()]}, without quotes"
    return f", not `{shown(node.raw)}`"


_TRUTHS = {**dict.fromkeys(("true", "yes", "on"), "true"), **dict.fromkeys(("false", "no", "off"), "false")}
_GENERAL = {
    "minLength": "is an empty text",
    "maxLength": "is longer than {} characters",
    "minItems": "is an empty list",
    "minProperties": "is empty",
    "minimum": "must be {} or more",
    "maximum": "must be {} or less",
    "uniqueItems": "is there twice",
}

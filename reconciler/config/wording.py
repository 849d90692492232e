"""What was probably meant: words of other tools, keys at the wrong level, and an example of what is expected."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.config.scalars import typed
from reconciler.config.schema import properties_of

_LONGEST = 72
_BARE = re.compile(r"[\w.%-]+")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "is": ("equals", "equal", "eq", "=", "==", "in", "one_of", "any_of", "value", "values"),
    "not": ("not_equals", "not_equal", "neq", "ne", "!=", "<>", "is_not", "not_in", "none_of"),
    "at_least": ("gte", "ge", ">=", "min", "minimum", "from", "greater_or_equal"),
    "at_most": ("lte", "le", "<=", "max", "maximum", "to", "less_or_equal", "up_to"),
    "more_than": ("gt", ">", "greater", "greater_than", "above", "over"),
    "less_than": ("lt", "<", "less", "below", "under", "fewer_than"),
    "contains": ("like", "includes", "substring", "matches"),
    "starts_with": ("prefix", "begins_with"),
    "exists": ("present", "is_set", "not_null", "known"),
    "all": ("and", "all_of", "must"),
    "any": ("or", "any_of", "should"),
    "none": ("not", "none_of", "must_not", "without", "except", "exclude"),
    "and": ("all", "all_of", "every", "must"),
    "or": ("any", "any_of", "some", "should"),
    "algebra": ("formula", "expression", "logic", "rule"),
    "event": ("events", "kind", "action", "did"),
    "attribute": ("property", "trait", "column", "field", "customer"),
    "segment": ("segments", "list", "audience", "in_segment"),
    "where": ("filter", "filters", "properties", "with", "having"),
    "within": ("window", "since", "last", "in_last", "during", "period", "age", "newer_than"),
    "times": ("count", "counts", "frequency", "number"),
    "total": ("sum", "amount", "aggregate"),
    "latest": ("last", "most_recent", "newest"),
    "first": ("earliest", "oldest"),
    "who": ("definition", "condition", "conditions", "rule", "rules", "filter", "members", "where"),
    "include": ("includes", "included", "target", "segments", "lists"),
    "exclude": ("excludes", "excluded", "suppress", "without"),
    "ad_sets": ("ad_set", "adsets", "adset", "ad_set_ids", "campaigns"),
    "slices": ("slice", "stages", "windows", "buckets"),
    "name": ("title", "label"),
    "description": ("comment", "note", "notes", "desc"),
    "owner": ("team", "responsible"),
    "publish": ("published", "send", "sync"),
    "table": ("file", "path", "files", "source"),
    "key": ("id", "primary_key"),
    "time": ("timestamp", "date", "at"),
}
"""Words of ours, each with what others call it."""
_ELSEWHERE: Mapping[str, Mapping[str, str]] = {
    "retargeting": {
        "behavioral": "; Criteo alone makes such segments: name one by `criteo_id`, in place of `criteo`",
        "contact_list": "; a list is what `who` makes, in place of `criteo`",
    }
}
"""What stands somewhere else, by a word of ours beside which others look for it."""


def meant(key: str, properties: Mapping[str, Any]) -> str:
    """The name of ours for a word of another tool, or the key that this one belongs under; empty for neither."""
    plain = key.lower().replace("-", "_").replace(" ", "_")
    for beside, others in _ELSEWHERE.items():
        if beside in properties and (close := difflib.get_close_matches(_snake(key), others, n=1, cutoff=0.8)):
            return others[close[0]]
    ours = [name for name, others in _WORDS.items() if name in properties and plain in others]
    if ours:
        return f"; did you mean `{ours[0]}`?"
    above = [name for name, each in properties.items() if key in properties_of(each)]
    return f"; it belongs under `{above[0]}`" if len(above) == 1 else ""


def _snake(key: str) -> str:
    """`contactList` as `contact_list`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower().replace("-", "_")


def for_example(schema: Mapping[str, Any], kinds: list[str]) -> str:
    """`; for example …` with the first example of the schema that is a mapping or list, where one is expected."""
    return next(_examples(schema, kinds), "")


def _examples(schema: Mapping[str, Any], kinds: list[str]) -> Iterator[str]:
    for example in schema.get("examples", ()):
        fits = ("object" in kinds and isinstance(example, dict)) or ("array" in kinds and isinstance(example, list))
        if fits and len(told := _flow(example)) <= _LONGEST:
            yield f"; for example `{told}`"


def _flow(value: Any) -> str:
    """A value as YAML on one line."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_flow(key)}: {_flow(each)}' for key, each in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, str):
        return value if typed(value) == value and _BARE.fullmatch(value) else json.dumps(value)
    return json.dumps(value)

"""Lists whose members are those of other lists together: an identifier is on one as long as it is on any of its parts.

Nobody is judged twice: consent, exclusion and periods are those of the parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.membership.layout import WORD, Layout
from reconciler.membership.sql import Sql, bits, common, either, integer, mask_when, masked, negated, without
from reconciler.model.address import Address

Unions = Mapping[Address, tuple[Address, ...]]
"""By list its parts; parts that are no lists any more hold nobody."""

_ALL = (1 << WORD) - 1


def with_unions(layout: Layout, unions: Unions, words: Sequence[Sql]) -> list[Sql]:
    """Words in which each union has its bit where some part has its own."""
    found: list[list[Sql]] = [[word.copy()] for word in words]
    for union, parts in unions.items():
        word, bit = divmod(layout.positions[union], WORD)
        found[word].append(mask_when(_some_of(layout, parts, words), 1 << bit))
    return [bits(*parts) for parts in found]


def _some_of(layout: Layout, parts: Sequence[Address], words: Sequence[Sql]) -> Sql:
    """Whether some part has its bit."""
    masks = layout.mask(part for part in parts if part in layout.positions)
    return either(masked(word.copy(), mask).neq(0) for word, mask in zip(words, masks, strict=True) if mask)


def with_causes(layout: Layout, unions: Unions, families: Mapping[str, Sequence[Sql]]) -> dict[str, list[Sql]]:
    """Families of words, one for each cause: a removal from a union has the first cause for which some part loses the
    identifier, and where none does (there are other parts now) its own.
    """
    own = layout.mask(unions)
    found = {
        label: [[masked(word.copy(), _ALL & ~mask)] for word, mask in zip(words, own, strict=True)]
        for label, words in families.items()
    }
    for union, parts in unions.items():
        word, bit = divmod(layout.positions[union], WORD)
        told = {label: _some_of(layout, parts, words) for label, words in families.items()}
        leaving = bits(*(masked(words[word].copy(), 1 << bit) for words in families.values()))
        earlier: list[Sql] = []
        for label, words in families.items():
            first = told[label].copy().and_(negated(either(each.copy() for each in earlier)))
            by_itself = negated(either(each.copy() for each in told.values()))
            found[label][word].append(common(leaving.copy(), mask_when(first, 1 << bit)))
            found[label][word].append(common(words[word].copy(), mask_when(by_itself, 1 << bit)))
            earlier.append(told[label])
    return {label: [bits(*parts) for parts in words] for label, words in found.items()}


def with_moves(
    layout: Layout,
    unions: Unions,
    *,
    held: Sequence[Sql],
    added: Sequence[Sql],
    removed: Sequence[Sql],
    adding: tuple[int, ...],
    removing: tuple[int, ...],
) -> tuple[list[Sql], list[Sql]]:
    """What is added and removed, where the moves of unions follow from those of their parts: on a union is what some
    part holds when all of it is done. `adding` and `removing` are the lists that may move at all.
    """
    after = [bits(without(h.copy(), r.copy()), a.copy()) for h, a, r in zip(held, added, removed, strict=True)]
    own = layout.mask(unions)
    adds = [[masked(word.copy(), _ALL & ~mask)] for word, mask in zip(added, own, strict=True)]
    drops = [[masked(word.copy(), _ALL & ~mask)] for word, mask in zip(removed, own, strict=True)]
    for union, parts in unions.items():
        word, bit = divmod(layout.positions[union], WORD)
        mask, there = 1 << bit, _some_of(layout, parts, after)
        new = masked(without(integer(mask), held[word].copy()), adding[word])
        gone = masked(masked(held[word].copy(), mask), removing[word])
        adds[word].append(common(bits(new, masked(added[word].copy(), mask)), mask_when(there, mask)))
        drops[word].append(
            common(bits(gone, masked(removed[word].copy(), mask)), mask_when(negated(there.copy()), mask))
        )
    return [bits(*parts) for parts in adds], [bits(*parts) for parts in drops]

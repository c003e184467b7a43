"""Who is meant by what a person writes as owner: one, several, or a group."""

from __future__ import annotations

import re

_GROUPS = re.compile(
    r"\b(team|teams|committee|board|council|group|department|departments|everyone|all|staff|"
    r"management|leadership|office|we)\b"
)
_BETWEEN = re.compile(r"\s*(?:[,;/&]|\bor\b)\s*", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_TITLE = re.compile(
    r"\b(head|chief|chair|director|manager|lead|leader|officer|president|vp|owner|in charge)\b",
    re.IGNORECASE,
)


def is_group(owner: str) -> bool:
    """Whether an owner is many people, so that nobody's phone rings.

    Examples:
        >>> is_group("the credit committee"), is_group("chair of the credit committee")
        (True, False)
    """
    words = owner.lower().replace("-", " ").replace("_", " ")
    return bool(_GROUPS.search(words)) and not _TITLE.search(words)


def owner_names(text: str) -> tuple[str, ...]:
    """The people or roles that an answer names, in its order.

    "Head of sales and marketing" is one role; "Ann and Bo" are two people.

    Examples:
        >>> owner_names("Ann Berg and Bo Lund, or Cy")
        ('Ann Berg', 'Bo Lund', 'Cy')
        >>> owner_names("head of sales and marketing")
        ('head of sales and marketing',)
    """
    names: list[str] = []
    for part in _BETWEEN.split(text):
        pieces = _AND.split(part)
        one_role = _TITLE.search(pieces[0]) and not any(_TITLE.search(p) for p in pieces[1:])
        names += [part] if one_role else pieces
    kept = (
        re.sub(r"^(?:and|or)\s+", "", name.strip(" .'\""), flags=re.IGNORECASE) for name in names
    )
    return tuple(dict.fromkeys(name for name in kept if name))

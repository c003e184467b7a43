"""The name of one published charter version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from sayso.domain.errors import InvalidReference

SHAPE = r"^([a-z][a-z0-9]*(?:-[a-z0-9]+)*)@([1-9][0-9]{0,5})$"
_SHAPE = re.compile(SHAPE, re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class CharterRef:
    """One version of one charter, written ``loan-review@3``.

    A record names a version, never "the latest", so that a decision is always
    read against the words that were in force when it was taken.
    """

    slug: str
    version: int

    def __post_init__(self) -> None:
        if _SHAPE.fullmatch(str(self)) is None:
            raise InvalidReference(str(self))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``slug@version``.

        Raises:
            InvalidReference: If the text has any other form.
        """
        match = _SHAPE.fullmatch(text)
        if match is None:
            raise InvalidReference(text)
        return cls(match[1], int(match[2]))

    def __str__(self) -> str:
        return f"{self.slug}@{self.version}"

"""When a changed charter is another version, and what its earlier versions are called."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sayso.declare.fingerprint import fingerprint

if TYPE_CHECKING:
    from sayso.declare.charter import Charter

EARLIER = re.compile(r"[a-z][a-z0-9-]*@[1-9][0-9]{0,5}", re.ASCII)


def asks_for_version(old: Charter, new: Charter) -> bool:
    """Whether a change is one that cases, rounds and acceptances have to be told apart by.

    Comments and layout say nothing, and the next day to look again is set after every look; all
    else may change what is decided, or how it is judged.
    """
    return standing(old) != standing(new)


def is_earlier(name: str) -> bool:
    """Whether a file's name, without its ending, is that of a version kept for the record.

    Examples:
        >>> is_earlier("loan-review@2"), is_earlier("loan-review")
        (True, False)
    """
    return EARLIER.fullmatch(name) is not None


def standing(charter: Charter) -> str:
    """What stands in a charter: its fingerprint, but for the version and the next day to look.

    Args:
        charter: The charter.
    """
    look = charter.look_again
    if look is not None:
        look = replace(look, next=None)
        if look == type(look)():
            look = None
    return fingerprint(replace(charter, version=1, look_again=look))

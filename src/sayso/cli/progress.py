"""What is being done, on stderr, once a command has taken longer than a person likes to wait."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

PATIENCE_SECONDS = 2.0
BETWEEN_SECONDS = 1.0


def slow_progress(
    *, clock: Callable[[], float] = monotonic, stream: TextIO | None = None
) -> Callable[[str], None]:
    """A function that says what is done, but nothing in the first two seconds.

    After that it speaks once a second at most: quick steps would scroll the findings away.

    Args:
        clock: Seconds that only grow.
        stream: Where it is said; stderr where not given.
    """
    due = clock() + PATIENCE_SECONDS
    said = ""

    def tell(words: str) -> None:
        nonlocal said, due
        now = clock()
        if now >= due and words != said:
            said, due = words, now + BETWEEN_SECONDS
            print(f"  ... {words}", file=stream or sys.stderr, flush=True)

    return tell

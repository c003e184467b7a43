"""What a person sees when a command cannot do what it was asked."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from sayso.domain.errors import SaysoError

if TYPE_CHECKING:
    from collections.abc import Callable

REFUSED = 2
UNEXPECTED = 70
INTERRUPTED = 130


def guarded(run: Callable[[], int]) -> int:
    """Run a command and turn whatever it raises into a message and an exit code.

    Args:
        run: The command; returns its exit code.

    Returns:
        The exit code: the command's own, 2 for an error with a remedy, 70 for a defect of ours,
        130 after Ctrl-C, 0 where the reader of a pipe has left.
    """
    try:
        code = run()
        sys.stdout.flush()
    except SaysoError as error:
        _say(f"error[{error.code}]: {error.message}\n  {error.hint}")
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes stdout once more on exit; give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # every defect ends here, as a sentence
        if os.environ.get("SAYSO_DEBUG") == "1":
            raise
        _say(
            f"error[unexpected]: {type(error).__name__}: {error}\n"
            "  This is a defect in sayso. Please report it with the command you ran;"
            " SAYSO_DEBUG=1 shows where it happened."
        )
        return UNEXPECTED
    return code


def _say(text: str) -> None:
    print(text, file=sys.stderr)

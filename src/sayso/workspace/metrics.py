"""What was asked of the record, and what came of it: counts by verb and result, and nothing else.

Labels are verbs, and codes of refusals; both are words of ours, so that a count never says which
case, which person or which decision it was about.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from sayso.domain.errors import RecordRefused, SaysoError
from sayso.record.asked import VERBS

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

RECORDED, AGAIN, DEFECT = "recorded", "again", "defect"
UNKNOWN = "unknown"


class Meter:
    """Counts commands since the server began; several threads may."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: dict[tuple[str, str], int] = {}

    def count(self, verb: str, result: str) -> None:
        """Count one command.

        Args:
            verb: Its verb, as it was sent.
            result: ``recorded``, ``again``, ``defect``, or the code of a refusal.
        """
        key = verb if verb in VERBS else UNKNOWN, result
        with self._lock:
            self._seen[key] = self._seen.get(key, 0) + 1

    @contextmanager
    def counting(self, verb: str) -> Generator[None]:
        """Count what is refused inside, by the code of the refusal."""
        try:
            yield
        except SaysoError as error:
            self.count(verb, error.refusal if isinstance(error, RecordRefused) else error.code)
            raise
        except Exception:
            self.count(verb, DEFECT)
            raise

    def text(self) -> str:
        """Everything, in the text format of Prometheus."""
        with self._lock:
            seen = sorted(self._seen.items())
        return family(
            "sayso_commands_total",
            "counter",
            "Commands by verb and by what came of them.",
            {f'verb="{verb}",result="{result}"': many for (verb, result), many in seen},
        )


def family(name: str, kind: str, says: str, values: Mapping[str, int]) -> str:
    """One figure with all its labels, in the text format of Prometheus.

    Args:
        name: Its name.
        kind: ``counter`` or ``gauge``.
        says: What it is.
        values: Whole figures by their labels; "" where there are none.
    """
    lines = [f"# HELP {name} {says}", f"# TYPE {name} {kind}"]
    for labels, value in values.items():
        lines.append(f"{name}{{{labels}}} {int(value)}" if labels else f"{name} {int(value)}")
    return "\n".join(lines) + "\n"

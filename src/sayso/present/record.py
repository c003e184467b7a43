"""What is said of the record: whole or not, taken in, handed out, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sayso.record.verifying import Verdict
    from sayso.record.witness import Alarmed, Witnessed


def verdict_text(verdict: Verdict, *, pinned: bool) -> str:
    """What verifying found.

    Args:
        verdict: What it found.
        pinned: Whether the key was pinned elsewhere.
    """
    events = _count(verdict.size, "event")
    lines = [f"{events}, root {verdict.root.hex()}."]
    if not verdict.whole:
        lines += [f"{fault.where}: {fault.message}" for fault in verdict.faults]
        lines.append("The record is not whole.")
        return _indented(lines)
    lines.append("Every event gives its hash, and the hashes give the root.")
    if verdict.heads:
        lines.append(f"It grew from {_count(verdict.heads, 'head')} kept before.")
    if not pinned:
        lines.append(
            "This shows that it agrees with itself. That nobody rewrote it is shown by heads "
            "that a witness kept elsewhere: --against and --key."
        )
    return _indented(lines)


def witness_text(found: Witnessed | Alarmed) -> str:
    """What a witness found."""
    from sayso.record.witness import Alarmed

    if isinstance(found, Alarmed):
        return _indented([f"ALARM {found.alarm}: {found.message}", f"Ask from: {found.ask_from}"])
    head = found.head
    return _indented(
        [f"{head.origin}: {_count(head.size, 'event')}, {found.grown} since the last time. Kept."]
    )


def imported_text(cases: int, before: int, left_out: tuple[tuple[str, int], ...]) -> str:
    """What became of a table."""
    lines = [f"{_count(cases, 'case')} taken in."]
    if before:
        lines.append(f"{_count(before, 'case')} had been taken in before, from the same rows.")
    lines += [f"{_count(n, 'row')} left out: {code}." for code, n in left_out]
    return _indented(lines)


def exported_text(
    events: int, held_back: int, cases: tuple[tuple[str, int], ...], folder: str
) -> str:
    """What was handed out."""
    lines = [f"{_count(events, 'event')} in {folder}."]
    if held_back:
        lines.append(
            f"Of {held_back} of them only the hash: their cases are open, and nobody may see them yet."
        )
    lines += [f"{decision}: {_count(n, 'decided case')} as a table." for decision, n in cases]
    return _indented(lines)


def coverage_text(decision: str, recorded: int, host: int) -> str:
    """The host's own count against the record's."""
    if recorded == host:
        return _indented([f"{decision}: all {host} cases that the host counts are on record."])
    if recorded < host:
        missing = host - recorded
        share = 100 * recorded / host
        return _indented(
            [
                f"{decision}: {recorded} of {host} cases of the host are on record ({share:.0f} of 100).",
                f"{_count(missing, 'case')} missing: figures speak of the recorded ones alone.",
            ]
        )
    return _indented(
        [
            f"{decision}: {recorded} cases on record, and the host counts {host}.",
            "Some are on record twice under other names, or the host's count is short.",
        ]
    )


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"


def _indented(lines: list[str]) -> str:
    return "\n".join(f"  {line}" for line in lines)

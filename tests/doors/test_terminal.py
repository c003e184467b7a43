"""A person at a real terminal: asked to guess first, and able to stop at any time."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

PATIENCE = 60.0


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Six teams of five people who decide alike cases; three teams decide them otherwise."""
    rows = [
        {
            "case_id": i,
            "decider": f"p{i % 30}",
            "depot": f"D{i % 6}",
            "kind": "k" if i % 7 < 4 else "l",
            "choice": "yes" if (i // 6) % 10 < (3 if i % 6 < 3 else 7) else "no",
            "advice": "yes" if (i // 6) % 2 else "no",
        }
        for i in range(3000)
    ]
    file = tmp_path / "visits.csv"
    pd.DataFrame(rows).to_csv(file, index=False)
    return file


def at_terminal(table: Path, answer: bytes | None, *, interrupt: bool = False) -> tuple[int, str]:
    """Run an audit at a terminal of its own; answer or interrupt its question."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sayso", "audit", table.name],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=table.parent,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80", "TMPDIR": str(table.parent)},
    )
    os.close(theirs)
    said, replied, pressed, until = b"", False, 0.0, time.monotonic() + PATIENCE
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 0.2)
        if ready:
            try:
                said += os.read(ours, 4096)
            except OSError:
                break  # the terminal is closed once nobody holds its other end
        asked = b"Enter to skip]" in said
        due = time.monotonic() > pressed + 3
        if asked and interrupt and due and process.poll() is None:
            # A signal just before the program waits for its line is seen after the next one.
            process.send_signal(signal.SIGINT)
            pressed = time.monotonic()
        if asked and not replied and answer is not None:
            replied = True
            os.write(ours, answer)
    code = process.wait(timeout=PATIENCE)
    os.close(ours)
    return code, said.decode()


def test_a_guess_comes_before_the_figures_and_is_shown_beside_them(table: Path):
    code, said = at_terminal(table, b"25\n")
    assert code == 0
    before, after = said.split("Enter to skip]", 1)
    assert "in 100 (" not in before, "no figure is known before the guess"
    assert "you guessed 25" in after
    assert "you guessed" not in (table.parent / "audit.html").read_text()


def test_skipping_the_guess_is_always_allowed(table: Path):
    code, said = at_terminal(table, b"\n")
    assert code == 0
    assert "you guessed" not in said


def test_ctrl_c_leaves_nothing_half_written(table: Path):
    code, said = at_terminal(table, None, interrupt=True)
    assert code == 130
    assert "Traceback" not in said
    assert [file.name for file in table.parent.iterdir()] == ["visits.csv"]

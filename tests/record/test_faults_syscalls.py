"""Each call of the kernel that writing a record makes fails once; what is left is whole."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sayso.adapters.store_sqlite import open_sqlite
from sayso.testing.stores import Plain, SetClock, whole, write_of

ROOT = Path(__file__).parents[2]
CALLS = ("pwrite64", "fdatasync", "ftruncate")
COUNT = 6

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]


def append_under(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    program = f"from tests.record import faults; faults.append_some({str(path)!r}, {COUNT})"
    return subprocess.run(
        ["strace", "-f", "-o", path.with_suffix(".trace"), *options, sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def calls_of(path: Path) -> dict[str, int]:
    """How often each call is made while a new record is made and written."""
    append_under(path, "-e", f"trace={','.join(CALLS)}")
    text = path.with_suffix(".trace").read_text("utf-8")
    return {call: len(re.findall(rf"\b{call}\(", text)) for call in CALLS}


@pytest.mark.parametrize("fault", ["error=EIO", "error=ENOSPC", "signal=KILL"])
def test_one_failing_call_never_loses_what_was_answered(tmp_path: Path, fault: str):
    counts = calls_of(tmp_path / "count.db")
    assert counts["fdatasync"] > COUNT
    tried = lost = 0
    for call, many in counts.items():
        for when in range(1, many + 1, max(1, many // 8)):
            path = tmp_path / f"{call}-{when}" / "record.db"
            path.parent.mkdir()
            done = append_under(path, "-e", f"inject={call}:{fault}:when={when}")
            answered = done.stdout.count("acknowledged")
            tried += 1
            store = open_sqlite(path, SetClock(), Plain())
            size = whole(store)
            ids = {row.filed.id for row in store.kept(0, size) if row.filed is not None}
            lost += sum(write_of(n).id not in ids for n in range(answered))
            # The same again, as an honest client would, ends with each of them once.
            for number in range(COUNT):
                store.append(write_of(number))
            assert whole(store) == COUNT
            store.close()
            shutil.rmtree(path.parent)
    assert tried >= 10
    assert lost == 0

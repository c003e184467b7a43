"""The page that leads to a first recorded case: every line of Python on it, against a server."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import sayso
from tests.sdk.servers import OPEN_CHARTER, serving

PAGE = Path(__file__).parent.parent.parent / "docs" / "start" / "record.md"


def test_the_page_records_a_first_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    blocks = re.findall(r"```py\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 3
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    Path("reopened.csv").write_text("claim,reopened\nclaim-1001,no\n")
    with serving(tmp_path / "w", OPEN_CHARTER) as served:
        names: dict[str, object] = {}
        for block in blocks:
            exec(block.replace("http://127.0.0.1:8080", served.url), names)  # noqa: S102
        assert served.kinds("claim-1001") == [
            "case.opened",
            "holdback.drawn",
            "advice.computed",
            "advice.shown",
            "choice.made",
            "outcome.recorded",
        ]
        with sayso.connect(served.url) as client:
            assert (client.counts().waiting, client.refused()) == (0, [])
    assert os.listdir(tmp_path / "state" / "sayso" / "spool")

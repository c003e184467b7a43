"""A server looks at its charters and people often enough, and not at every request."""

import os
from datetime import date
from pathlib import Path

import pytest

import sayso.workspace.api_people as people_module
import sayso.workspace.record_charters as charters_module
from sayso.workspace.api_people import PeopleShelf
from sayso.workspace.record_charters import CharterShelf
from tests.record.workspaces import CHARTER, workspace


def test_what_changed_is_noticed_after_the_stated_time_and_not_looked_for_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = workspace(tmp_path)
    (folder / "people.yaml").write_text("- {role: adjusters, person: Ann}\n", "utf-8")
    now = [100.0]
    looks: list[Path] = []
    for module in (people_module, charters_module):
        monkeypatch.setattr(module, "monotonic", lambda: now[0])

    real = os.stat

    def counted(file: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        looks.append(file)
        return real(file, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(people_module.os, "stat", counted)
    charters, people = CharterShelf(folder, still=0.05), PeopleShelf(folder, still=0.05)
    decision = charters.decisions(date(2026, 1, 1))[0].charter.decision
    assert charters.version(decision, 4) is None
    assert [h.person for h in people.holders()] == ["Ann"]
    now[0] += 1
    assert charters.version(decision, 4) is None
    people.holders()
    looks.clear()
    (folder / "charters" / f"{decision}.yaml").write_text(
        CHARTER.replace("version: 3", "version: 4"), "utf-8"
    )
    (folder / "people.yaml").write_text("- {role: adjusters, person: Bob B}\n", "utf-8")
    now[0] += 0.04
    assert charters.version(decision, 4) is None
    assert [h.person for h in people.holders()] == ["Ann"]
    assert not looks
    now[0] += 0.02
    assert charters.version(decision, 4) is not None
    assert [h.person for h in people.holders()] == ["Bob B"]

"""``sayso hook``: added, listed, looked at, removed; and bad input, named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sayso.cli.main import run
from sayso.domain.errors_hooks import HookRefused, HooksUnreadable
from sayso.record.commands import Choose, OpenCase
from sayso.workspace.hooks import (
    MOST,
    DeadLetter,
    Progress,
    change_progress,
    list_hooks,
    progress_of,
    send_again,
)
from sayso.workspace.hooks_told import hook_metrics
from tests.hooks.receivers import hook_to
from tests.record.workspaces import NOW, does, opened, workspace

URL = "https://crm.example/sayso"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return workspace(tmp_path / "w")


def says(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str]:
    code = run(["hook", *map(str, words)])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_a_hook_is_added_listed_and_removed(folder: Path, capsys: pytest.CaptureFixture[str]):
    with opened(folder) as record:
        does(record, "visit-1", OpenCase(), Choose(answer="bring"))
        size = record.store.head().size
        # Also while the server has the record open.
        code, told = says(
            capsys, "add", URL, "--decision", "first-visit-part", "--kind", "choice.made",
            "--folder", folder,
        )  # fmt: skip
    assert code == 0
    (hook,) = list_hooks(folder)
    assert hook.secret in told
    assert (hook.since, hook.kinds, hook.whole, hook.private) == (
        size,
        ("choice.made",),
        False,
        False,
    )
    told = says(capsys, "list", "--folder", folder)[1]
    assert URL in told
    assert hook.secret not in told
    assert says(capsys, "dead", hook.id, "--folder", folder)[1].strip().endswith("has arrived.")
    assert says(capsys, "remove", hook.id, "--folder", folder)[0] == 0
    assert "Nobody is told" in says(capsys, "list", "--folder", folder)[1]


def test_what_never_arrived_is_listed_and_sent_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    hook = hook_to(folder, URL)
    letters = tuple(
        DeadLetter(index=n, why="status-500", at="2026-11-24T09:00:00Z") for n in (3, 8)
    )
    change_progress(folder, hook.id, lambda p: Progress(next=9, dead=letters), NOW.date())
    told = says(capsys, "dead", hook.id, "--folder", folder)[1]
    assert re.findall(r"place (\d+)  status-500", told) == ["3", "8"]
    assert "2 never arrived" in says(capsys, "list", "--folder", folder)[1]
    assert "1 are sent" in says(capsys, "resend", hook.id, "--place", "8", "--folder", folder)[1]
    assert progress_of(folder, hook.id).again == (8,)
    assert (
        "8  status-500, 2026-11-24T09:00:00Z; is sent again"
        in (says(capsys, "dead", hook.id, "--folder", folder)[1])
    )
    assert says(capsys, "resend", hook.id, "--place", "5", "--folder", folder)[0] == 2
    assert f'sayso_hook_dead{{hook="{hook.id}"}} 2\n' in hook_metrics(folder, 12)
    assert f'sayso_hook_waiting{{hook="{hook.id}"}} 3\n' in hook_metrics(folder, 12)
    assert "crm" not in hook_metrics(folder, 12)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["http://crm.example/", "--decision", "*"], "not https"),
        (["https://10.0.0.1/", "--decision", "*"], "own network"),
        ([URL, "--decision", "no-such"], "No charter declares"),
        ([URL, "--decision", "../x"], "No charter declares"),
        ([URL, "--decision", "*", "--kind", "choice.maid"], "No kind of event"),
        ([URL, "--decision", "*", "--since", "-1"], "at place -1"),
        ([URL], "decision"),
        ([URL, "--decision", "*", "--since", "x"], "since"),
    ],
)
def test_what_cannot_be_added_is_named_and_nothing_is_kept(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
):
    code, text = says(capsys, "add", *words, "--folder", folder)
    assert code == 2
    assert told in text
    assert list_hooks(folder) == []


@pytest.mark.parametrize("name", ["", "x", "../hooks", "0000000g", "12345678"])
def test_a_hook_that_is_not_there_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
):
    for verb in ("remove", "dead", "resend"):
        code, told = says(capsys, verb, name, "--folder", folder)
        assert (code, "hook-refused" in told) == (2, True)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"format": 2, "hooks": []}',
        b'{"format": 1, "hooks": [{}]}',
        b"\xff",
    ],
)
def test_a_damaged_file_is_named_and_not_written_over(folder: Path, text: bytes):
    hook_to(folder, URL)
    file = folder / ".sayso" / "hooks.json"
    file.write_bytes(text)
    with pytest.raises(HooksUnreadable) as refused:
        hook_to(folder, URL)
    assert "whsec" not in str(refused.value)
    assert file.read_bytes() == text
    assert hook_metrics(folder, 3) == ""


def test_there_is_an_end_to_hooks(folder: Path):
    for _ in range(MOST):
        hook_to(folder, URL)
    with pytest.raises(HookRefused, match="50 hooks"):
        hook_to(folder, URL)


def test_a_place_that_holds_no_dead_letter_changes_nothing(folder: Path):
    hook = hook_to(folder, URL)
    with pytest.raises(HookRefused, match="Place 4"):
        send_again(folder, hook.id, [4], NOW.date())
    assert progress_of(folder, hook.id).again == ()

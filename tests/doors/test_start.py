"""`sayso start`: six questions, an answer at once, a charter that lints."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sayso.cli.main import run
from sayso.declare.first_answers import FirstAnswers
from sayso.present.start import QUESTIONS, first_sentences, next_step


def said(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> int:
    monkeypatch.chdir(tmp_path)
    Path("answers.txt").write_text(said(*lines), encoding="utf-8")
    return run(["start", "--answers", "answers.txt"])


@pytest.mark.feature("D17")
def test_an_ai_and_no_decision_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert started(tmp_path, monkeypatch, "", "ScoreBot") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert told.startswith(
        "You have an AI, and no decision. Nobody is accountable; nothing is to be decided "
        "differently. A better model would fix neither."
    )
    assert "Next: Name one decision that ScoreBot should change" in told
    assert (tmp_path / "charters" / "unnamed-decision.yaml").exists()


def test_the_charter_it_writes_is_the_one_that_check_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    full = (
        "Should this loan be approved?", "ScoreBot", "Ann Berg", "Nobody is asked twice",
        "repaid after 12 months", "this year is like last year",
    )  # fmt: skip
    assert started(tmp_path, monkeypatch, *full) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Ann Berg is accountable, by your word; no acceptance is on record." in told
    assert "better model" not in told
    assert run(["check", "charters/loan-approved.yaml"]) == 0, "what is open is no error"
    listed = capsys.readouterr().out.strip().splitlines()
    assert f"lists {len(listed)} open points" in told
    assert not any(" SAY1" in line for line in listed)


def test_a_charter_that_is_there_is_never_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for _ in range(2):
        assert started(tmp_path, monkeypatch, "Should this loan be approved?") == 0
    names = sorted(file.name for file in (tmp_path / "charters").iterdir())
    assert names == ["loan-approved-2.yaml", "loan-approved.yaml"]
    assert "decision: loan-approved-2" in (tmp_path / "charters" / names[0]).read_text()


def test_six_times_enter_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert started(tmp_path, monkeypatch) == 0
    assert "nothing was written" in capsys.readouterr().out
    assert not (tmp_path / "charters").exists()


@pytest.mark.parametrize(
    ("content", "part"),
    [(b"\xff\xfe\x00", "UTF-8"), (said(*"abcdefg").encode(), "line 7"),
     (b"x" * 2001, "line 1"), (None, "No such file")],
)  # fmt: skip
def test_answers_that_cannot_be_read_name_the_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, part: str
):
    file = tmp_path / "answers.txt"
    if content is not None:
        file.write_bytes(content)
    assert run(["start", "--answers", str(file)]) == 2
    told = capsys.readouterr().err
    assert part in told
    assert "answers.txt" in told


def test_without_a_terminal_or_a_file_it_says_what_to_do(capsys: pytest.CaptureFixture[str]):
    assert run(["start"]) == 2
    assert "--answers FILE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answers", "sentences"),
    [
        (FirstAnswers(owner="Ann and Bo", ai="X", decision="Y?"),
         ("One decision, and an AI that has a part in it. Two are named as accountable, so nobody is; "
         "nothing is to be decided differently. A better model would fix neither.")),
        (FirstAnswers(owner="the board", decision="Y?", differently="Z"),
         ("One decision worries you, and no AI has a part in it. “the board” is a group, so nobody’s "
         "phone rings. You said what should be decided differently; how anybody would see it is open. "
         "An AI would not fix that.")),
        (FirstAnswers(assumption="Z"),
         ("You named neither a decision nor an AI. Nobody is accountable; nothing is to be decided "
         "differently. An AI would fix neither.")),
    ],
)  # fmt: skip
def test_what_is_said_is_what_was_answered(answers: FirstAnswers, sentences: str):
    assert " ".join(first_sentences(answers)).startswith(sentences)


def test_the_next_step_is_the_first_that_is_missing():
    steps = [
        next_step(FirstAnswers(**given), "f.yaml")
        for given in (
            {},
            {"decision": "Y?"},
            {"decision": "Y?", "owner": "Ann"},
            {"decision": "Y?", "owner": "Ann", "differently": "Z"},
        )
    ]
    for step, part in zip(
        steps, ("question:", "owner:", "differently:", "`sayso round f.yaml`"), strict=True
    ):
        assert part in step


def test_the_next_step_ends_in_a_round_that_the_charter_can_hold():
    said = FirstAnswers(decision="Should we?", owner="Ann", differently="Z")
    step = next_step(said, "f.yaml")
    assert "who is accountable and what the decision is for" in step
    assert "`options:`" in next_step(said, "f.yaml", matters=1)
    step = next_step(said, "f.yaml", options=2, matters=1)
    assert step.startswith("Write under `matters:` in f.yaml two to five things that matter")
    assert "Then `sayso round f.yaml` asks five people or more" in step
    step = next_step(said, "f.yaml", options=2, weighed=2)
    assert step.startswith("`sayso round f.yaml` asks five people or more")


def at_terminal(folder: Path, typed: list[bytes], *, stop: bool = False) -> tuple[int, str]:
    """Type one line at each prompt; where ``stop``, press Ctrl-C at the next."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sayso", "start"],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env={**os.environ, "TERM": "xterm"},
    )  # fmt: skip
    os.close(theirs)
    told, answered, pressed, until = b"", 0, 0.0, time.monotonic() + 60
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 0.2)
        if ready:
            try:
                told += os.read(ours, 4096)
            except OSError:
                break
        if told.count(b"     > ") > answered:
            if answered < len(typed):
                os.write(ours, typed[answered] + b"\n")
                answered += 1
            elif stop and time.monotonic() > pressed + 3 and process.poll() is None:
                # A signal just before the program waits for its line is seen after the next one.
                process.send_signal(signal.SIGINT)
                pressed = time.monotonic()
    code = process.wait(timeout=60)
    os.close(ours)
    return code, told.decode()


def test_at_a_terminal_two_names_are_asked_for_one(tmp_path: Path):
    code, told = at_terminal(
        tmp_path, [b"Should we hire?", b"CVBot", b"Ann and Bo", b"Bo", b"", b"", b""]
    )
    assert code == 0
    assert "Two names. If it goes wrong on Friday, whose phone rings?" in told
    assert all(question in told for question, _ in QUESTIONS)
    assert 'owner: "Bo"' in (tmp_path / "charters" / "hire.yaml").read_text()


def test_stopping_half_way_keeps_what_was_typed(tmp_path: Path):
    code, told = at_terminal(tmp_path, [b"Should we hire?", b"CVBot"], stop=True)
    assert code == 130
    assert "Traceback" not in told
    assert (tmp_path / "sayso-start.txt").read_text().splitlines() == ["Should we hire?", "CVBot"]
    assert "sayso start --answers sayso-start.txt" in told

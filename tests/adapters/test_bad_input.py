"""Bad input gets a clear error with a next step, or a treatment that the report states."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import sayso
from sayso.domain.errors import SaysoError
from sayso.measure.measure import Measure  # noqa: F401 - the catalogue must load without a table

if TYPE_CHECKING:
    from collections.abc import Callable


def good(rows: int = 200) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "visit_id": [f"v{i}" for i in range(rows)],
            "disp_id": [f"p{i % 9}" for i in range(rows)],
            "closed_at": [f"2026-03-{1 + i % 28:02d} 10:00:00" for i in range(rows)],
            "part_sent": ["yes" if i % 3 else "no" for i in range(rows)],
            "rec": ["yes" if i % 2 else "no" for i in range(rows)],
            "p_need": [round((i % 97) / 97, 3) for i in range(rows)],
            "part_used": ["yes" if i % 5 else "no" for i in range(rows)],
        }
    )


def saved(folder: Path, content: pd.DataFrame | str | bytes, name: str = "visits.csv") -> Path:
    file = folder / name
    if isinstance(content, pd.DataFrame):
        content.to_csv(file, index=False)
    elif isinstance(content, str):
        file.write_text(content, encoding="utf-8")
    else:
        file.write_bytes(content)
    return file


HEAD = "visit_id,disp_id,part_sent,rec\n"
BROKEN: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "empty"),
    "blank": ("\n\n", "empty"),
    "header only": (HEAD, "no rows"),
    "a quote never closed": (HEAD + '1,"p,yes,no\n2,q,yes,no\n', "quote"),
    "a ragged line": (HEAD + "1,p,yes,no\n2,p,yes,no,9,9\n", "line 3"),
    "binary": (b"\x00\x01\x02\x03", "not text"),
    "a spreadsheet": (b"PK\x03\x04 and more", "CSV"),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, name: str):
    content, part = BROKEN[name]
    with pytest.raises(SaysoError) as caught:
        sayso.audit(saved(tmp_path, content))
    assert part in str(caught.value)
    assert "visits.csv" in str(caught.value)
    assert caught.value.hint


def test_a_truncated_parquet_is_refused(tmp_path: Path):
    file = tmp_path / "visits.parquet"
    good().to_parquet(file)
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(SaysoError, match="not a whole Parquet file"):
        sayso.audit(file)


def test_a_folder_without_tables_is_refused(tmp_path: Path):
    with pytest.raises(SaysoError, match="holds no Parquet file"):
        sayso.audit(tmp_path)


def test_a_server_that_does_not_answer_is_said_without_its_password():
    with pytest.raises(SaysoError) as caught:
        sayso.audit("postgresql://ann:secret@127.0.0.1:9/nowhere?table=visits")
    assert "cannot be read" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_other_addresses_are_refused():
    with pytest.raises(SaysoError, match="not read"):
        sayso.audit("https://example.org/visits.csv")


def told(source: object, **columns: str) -> dict[str, dict[str, object]]:
    """The treatments of an audit by code."""
    audit = sayso.audit(source, **columns)
    json.dumps(audit.to_json(), allow_nan=False)
    assert "<script" not in audit.to_html()
    return {
        t.code: {"count": t.count, "detail": t.detail} for t in audit.reading.profile.treatments
    }


def test_one_row_is_read_and_claims_nothing(tmp_path: Path):
    audit = sayso.audit(saved(tmp_path, good(1)), decider="none")
    assert audit.verdict == "cannot tell"
    assert all(f["value"] is None for f in audit.to_json()["figures"])


def test_one_decider_is_a_person_and_is_refused(tmp_path: Path):
    table = good().assign(disp_id="only")
    with pytest.raises(SaysoError, match="report on persons"):
        sayso.audit(saved(tmp_path, table), decider="disp_id")


def test_one_option_is_said(tmp_path: Path):
    table = good().assign(part_sent="yes", rec="yes")
    assert "one-option" in told(saved(tmp_path, table), choice="part_sent", advice="rec")


@pytest.mark.parametrize("column", ["disp_id", "rec", "p_need", "part_used", "closed_at"])
def test_a_column_of_nothing_is_as_good_as_none(tmp_path: Path, column: str):
    told(saved(tmp_path, good().assign(**{column: None})))


def test_a_choice_of_nothing_is_refused(tmp_path: Path):
    with pytest.raises(SaysoError, match="choice"):
        sayso.audit(saved(tmp_path, good().assign(part_sent=None)), choice="part_sent")


def test_fifty_thousand_different_answers_are_no_options(tmp_path: Path):
    table = good(60_000).assign(part_sent=[f"answer {i}" for i in range(60_000)])
    with pytest.raises(SaysoError, match="more than 50 different answers"):
        sayso.audit(saved(tmp_path, table), choice="part_sent")


def test_numbers_that_are_none_are_counted(tmp_path: Path):
    table = good(1000)
    table["p_need"] = table["p_need"].astype(object)
    table.loc[0, "p_need"] = "inf"
    table.loc[1, "p_need"] = "-inf"
    table.loc[2, "p_need"] = "about half"
    said = told(saved(tmp_path, table), advice_confidence="p_need")
    assert said["not-finite"]["count"] == 2
    assert said["unread-cells"]["count"] == 1


def test_a_confidence_outside_its_range_is_counted(tmp_path: Path):
    table = good(1000)
    table.loc[:9, "p_need"] = -0.2
    said = told(saved(tmp_path, table), advice_confidence="p_need")
    assert said["out-of-range"] == {"count": 10, "detail": "p_need"}


def test_one_chance_above_one_does_not_make_the_others_parts_of_a_hundred(tmp_path: Path):
    table = good(1000)
    table.loc[0, "p_need"] = 50.0
    said = told(saved(tmp_path, table), advice_confidence="p_need")
    assert said["out-of-range"]["count"] == 1
    assert "per-hundred" not in said


def test_negative_seconds_are_counted(tmp_path: Path):
    table = good().assign(seconds=[-1 if i < 7 else 5 + i for i in range(200)])
    said = told(saved(tmp_path, table), seconds="seconds")
    assert said["out-of-range"] == {"count": 7, "detail": "seconds"}


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-{day:02d}",
        "2026-03-{day:02d}T10:00:00+02:00",
        "{day:02d}.03.2026 10:00",
        "03/{day:02d}/2026",
        "{day:02d}/03/2026",
    ],
)
def test_dates_in_five_formats_are_one_month(tmp_path: Path, written: str):
    table = good().assign(closed_at=[written.format(day=1 + i % 28) for i in range(200)])
    profile = sayso.audit(saved(tmp_path, table)).reading.profile
    assert profile.since is not None
    assert profile.until is not None
    assert (profile.since.month, profile.since.day) == (3, 1)
    assert (profile.until.month, profile.until.day) == (3, 28)


def test_seconds_since_1970_are_dates(tmp_path: Path):
    table = good().assign(closed_at=[1_772_323_200 + 3600 * i for i in range(200)])
    since = sayso.audit(saved(tmp_path, table), decided_at="closed_at").reading.profile.since
    assert since is not None
    assert (since.year, since.month, since.day) == (2026, 3, 1)


def test_an_hour_that_happens_twice_keeps_its_order(tmp_path: Path):
    # 25 October 2026: 02:30 comes twice; with their zones the second is an hour later.
    table = good(100)
    table["closed_at"] = ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"] * 50
    profile = sayso.audit(saved(tmp_path, table)).reading.profile
    assert profile.since is not None
    assert profile.until is not None
    assert (profile.until - profile.since).total_seconds() == 3600


NAMES = ['my "choice"', "choice; DROP TABLE cases", "entscheidung 🎯", "part sent"]


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_are_only_names(tmp_path: Path, name: str):
    table = good().rename(columns={"part_sent": name})
    audit = sayso.audit(saved(tmp_path, table), choice=name)
    assert audit.reading.profile.column_of("choice") == name
    assert audit.reading.figure("agreement") is not None


def test_names_that_differ_by_case_are_two_columns(tmp_path: Path):
    table = good().assign(PART_SENT="x")
    audit = sayso.audit(saved(tmp_path, table), choice="part_sent")
    assert audit.reading.setting.options == ("yes", "no")


@pytest.mark.parametrize(
    "cell", ["<script>alert(1)</script>", "=1+1", "'; DROP TABLE cases; --", "a" * 5000]
)
def test_cells_are_shown_as_text(tmp_path: Path, cell: str):
    table = good().assign(note_code=cell, depot=[cell if i % 2 else "B" for i in range(200)])
    audit = sayso.audit(saved(tmp_path, table), team_names=True)
    assert "<script>alert" not in audit.to_html()


def test_latin_letters_and_a_mark_in_front_are_read(tmp_path: Path):
    text = good().to_csv(index=False).replace("part_sent", "größe").replace("yes", "für")
    for encoding in ("cp1252", "utf-8-sig"):
        audit = sayso.audit(saved(tmp_path, text.encode(encoding)), choice="größe", advice="rec")
        assert "für" in audit.reading.setting.options


def test_identical_rows_are_dropped_and_counted(tmp_path: Path):
    table = pd.concat([good(), good()[:38]])
    said = told(saved(tmp_path, table))
    assert said["duplicates-dropped"]["count"] == 38


@pytest.mark.parametrize(("rule", "kept"), [("last", "no"), ("first", "yes")])
def test_rows_that_differ_are_refused_until_somebody_says_which_counts(
    tmp_path: Path, rule: str, kept: str
):
    twice = good()[3:4].assign(part_sent="no", closed_at="2026-03-30 10:00:00")
    first = good().assign(part_sent="yes")
    file = saved(tmp_path, pd.concat([first, twice]))
    with pytest.raises(SaysoError, match="v3") as caught:
        sayso.audit(file, choice="part_sent")
    assert "--on-duplicate" in caught.value.hint
    audit = sayso.audit(file, choice="part_sent", on_duplicate=rule)
    found = audit.reading.figure("agreement")
    assert found is not None
    assert audit.reading.profile.rows_used == 200
    one = [t for t in audit.reading.profile.treatments if t.code == "one-option"]
    assert bool(one) == (kept == "yes")


def test_advice_fetched_after_the_choice_is_no_advice(tmp_path: Path):
    table = good().assign(
        rec_at=[f"2026-03-{1 + i % 28:02d} {'09' if i % 4 else '11'}:00:00" for i in range(200)]
    )
    said = told(saved(tmp_path, table), advice_at="rec_at")
    assert said["late-advice"]["count"] == 50


def test_two_columns_that_could_be_the_choice_are_not_guessed_between(tmp_path: Path):
    table = good().drop(columns="part_sent")
    table["decision"] = table["rec"]
    table["final_decision"] = table["rec"]
    with pytest.raises(SaysoError) as caught:
        sayso.audit(saved(tmp_path, table))
    assert "decision or final_decision" in str(caught.value)
    assert "--choice" in caught.value.hint


def test_long_case_numbers_stay_apart(tmp_path: Path):
    """A DOUBLE cannot tell 2^53 from its neighbour: these 200 cases would become 100."""
    table = good().assign(visit_id=[str(2**53 + i) for i in range(200)])
    profile = sayso.audit(saved(tmp_path, table), case="visit_id").reading.profile
    assert profile.rows_used == 200
    assert not any(t.code.startswith("duplicates") for t in profile.treatments)
    table = good().assign(visit_id=[2**53 + i for i in range(200)])
    assert sayso.audit(table, case="visit_id").reading.profile.rows_used == 200


def as_anybody() -> None:
    """In a child: a superuser keeps to the rights of files, as anybody else does."""
    if os.geteuid() == 0:
        drop_from_bounds, override, search = 24, 1, 2  # PR_CAPBSET_DROP; capabilities(7)
        for capability in (override, search):
            ctypes.CDLL(None).prctl(drop_from_bounds, capability, 0, 0, 0)


def small_files() -> None:
    """In a child: no file may grow beyond 20 kB, as on a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def audited(
    folder: Path,
    *arguments: str,
    before: Callable[[], None],
    variables: dict[str, str] | None = None,
) -> tuple[int, str]:
    """Exit code and what was said of `sayso audit visits.csv` in a child process."""
    done = subprocess.run(
        [sys.executable, "-m", "sayso", "audit", str(folder / "visits.csv"), *arguments],
        preexec_fn=before,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HOME": str(folder), **(variables or {})},
    )
    return done.returncode, done.stderr


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path):
    saved(tmp_path, good()).chmod(0)
    code, said = audited(tmp_path, before=as_anybody)
    assert code == 2
    assert "visits.csv" in said
    assert "Permission denied" in said
    assert "Traceback" not in said


def test_a_folder_that_may_not_be_written_keeps_the_old_report(tmp_path: Path):
    saved(tmp_path, good())
    out = saved(tmp_path, "old", "audit.html")
    tmp_path.chmod(0o555)
    try:
        code, said = audited(tmp_path, "--out", str(out), before=as_anybody)
    finally:
        tmp_path.chmod(0o755)
    assert code == 2
    assert "Permission denied" in said
    assert "--out" in said
    assert out.read_text() == "old"


def test_a_full_disk_is_said_and_nothing_is_left_behind(tmp_path: Path):
    saved(tmp_path, good())
    out = saved(tmp_path, "old", "audit.html")
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    code, said = audited(
        tmp_path, "--out", str(out), before=small_files, variables={"TMPDIR": str(scratch)}
    )
    assert code == 2
    assert "TMPDIR" in said
    assert "defect" not in said
    assert out.read_text() == "old"
    assert list(scratch.iterdir()) == []

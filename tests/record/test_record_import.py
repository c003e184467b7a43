"""Reading past cases in: what is spelled beforehand is what would be spelled later."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.record.case_events import CaseImported
from sayso.record.events import Event
from sayso.record.ids import uuid7
from sayso.record.strict_json import canonical, spelled
from sayso.record.terms import Actor, ActorKind
from sayso.record.tree import Edge, append, append_all, grow
from sayso.record.wire import from_bytes, to_bytes
from sayso.workspace.record_care import verify_workspace
from sayso.workspace.record_import import import_table
from tests.record.case_life_cases import NOW
from tests.record.fakes import Sealed
from tests.record.workspaces import opened, workspace

CHARTER = """\
decision: first-visit-part
version: 3
question: Should the technician bring the part on the first visit?
options: [bring, leave]
inputs: {fault_code: category, stock_low: boolean, age: number, seen_on: date}
outcome: {name: part_used, kind: boolean}
source:
  columns: {case: id, choice: sent, outcome: used, decider: who, decided_at: at, reason_text: note, value: worth}
"""
HEADER = ("id", "sent", "used", "who", "at", "note", "worth", "fault_code", "stock_low", "age", "seen_on")  # fmt: skip
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
scalars = st.one_of(texts, st.floats(allow_nan=False, allow_infinity=False), st.booleans())
details = st.dictionaries(texts, scalars, min_size=1, max_size=5).map(
    lambda found: tuple(sorted(found.items()))
)


@given(details, details, st.one_of(st.none(), texts.filter(bool)))
def test_an_event_whose_parts_are_spelled_already_has_the_same_bytes(row, inputs, text):
    event = Event(
        id=uuid7(NOW, bytes(10)),
        decision="first-visit-part",
        charter_version=3,
        case="v1",
        by=Actor(ActorKind.SERVICE, "sayso"),
        at=NOW,
        data=CaseImported(row=row, inputs=inputs, table="t", decider="p-1", text=text),
    )
    known = {"row": spelled(dict(row)), "inputs": spelled(dict(inputs))}
    body = to_bytes(event, NOW, Sealed(), known)
    assert body == to_bytes(event, NOW, Sealed())
    assert isinstance(body, bytes)
    read = from_bytes(body, 0, Sealed())
    assert read.event == event  # pyright: ignore[reportAttributeAccessIssue]


@given(st.integers(0, 40), st.integers(0, 40))
def test_leaves_added_together_give_the_tree_of_leaves_added_one_by_one(before: int, more: int):
    leaves = [sha256(bytes([n])).digest() for n in range(before + more)]
    start = grow(leaves[:before])
    one, nodes, together = start, [], []
    for leaf in leaves[before:]:
        one = append(one, leaf, nodes)
    assert append_all(start, leaves[before:], together) == one == grow(leaves, Edge())
    assert together == nodes


def table(folder: Path, *rows: tuple[object, ...]) -> Path:
    with (folder / "visits.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEADER, *rows])
    return folder / "visits.csv"


def test_each_kind_of_cell_is_on_record_as_the_table_says_it(tmp_path: Path):
    place = workspace(tmp_path / "w", CHARTER)
    rows = [
        ("a", "bring", "true", "Ann", "2026-02-03 04:05:06.5", 'said "no" – ü\\', 1.5, "E-1", "true", 3, "2026-01-02"),
        ("b", "leave", "false", "Ben", "2026-02-04 04:05:06", "", "", "E-2", "false", 1e17, "2026-01-03"),
        ("c", "leave", "", "Ann", "2026-02-05 04:05:06", "", -0.25, "", "", "", ""),
    ]  # fmt: skip
    source = table(place, *rows)
    with opened(place) as record:
        done = import_table(record, str(source), str(place / "charters" / "first-visit-part.yaml"))
        assert (done.cases, done.left_out) == (3, ())
        a, b, c = (s.imported for s in record.store.states("first-visit-part"))
        bodies = [k.body for k in record.store.kept(0, 4)]
    assert a is not None
    assert b is not None
    assert c is not None
    assert dict(a.data.row) == {
        "choice": "bring",
        "decided_at": "2026-02-03T04:05:06.500000Z",
        "outcome": True,
        "value": 1.5,
    }
    assert dict(a.data.inputs) == {
        "age": 3.0,
        "fault_code": "E-1",
        "seen_on": "2026-01-02T00:00:00.000000Z",
        "stock_low": True,
    }
    assert a.data.text == 'said "no" – ü\\'
    assert a.at == datetime(2026, 2, 3, 4, 5, 6, 500_000, UTC)
    assert dict(b.data.inputs)["age"] == 1e17
    assert dict(c.data.row) == {
        "choice": "leave",
        "decided_at": "2026-02-05T04:05:06.000000Z",
        "value": -0.25,
    }
    assert c.data.inputs == ()
    assert c.data.text is None
    assert a.data.decider == c.data.decider != b.data.decider
    assert not any(b"Ann" in body for body in bodies)
    assert verify_workspace(place).whole


def test_a_row_has_the_id_that_it_always_had(tmp_path: Path):
    """The digest of a row is what a table read in again is known by, so it never changes."""
    place = workspace(tmp_path / "w", CHARTER)
    source = table(
        place, ("a", "bring", "true", "Ann", "2026-02-03 04:05:06", "why", "", "E-1", "true", 3, "")
    )
    with opened(place) as record:
        import_table(record, str(source), str(place / "charters" / "first-visit-part.yaml"))
        kept = next(k for k in record.store.kept(0, 9) if b"case.imported" in k.body)
    row = {"choice": "bring", "decided_at": "2026-02-03T04:05:06.000000Z", "outcome": True}
    inputs = {"age": 3.0, "fault_code": "E-1", "stock_low": True}
    content = canonical(["a", "first-visit-part", 3, row, inputs, "Ann", "why"])  # pyright: ignore[reportArgumentType]
    assert kept.digest == sha256(content).digest()


def test_infinity_in_a_cell_is_a_cell_that_says_nothing(tmp_path: Path):
    place = workspace(tmp_path / "w", CHARTER)
    rows = [
        (f"v{n}", "bring", "true", "Ann", "2026-02-03 04:05:06", "", 1.5, "E-1", "true", 3, "")
        for n in range(4)
    ]
    source = table(place, *rows, (*rows[0][:6], "inf", *rows[0][7:]))
    text = source.read_text("utf-8").replace("v0,bring,true,Ann,2026-02-03 04:05:06,,inf", "w,bring,true,Ann,2026-02-03 04:05:06,,inf")  # fmt: skip
    source.write_text(text, "utf-8")
    with opened(place) as record:
        done = import_table(record, str(source), str(place / "charters" / "first-visit-part.yaml"))
        row = next(s for s in record.store.states("first-visit-part") if s.case == "w").imported
    assert (done.cases, done.left_out) == (5, ())
    assert row is not None
    assert "value" not in dict(row.data.row)


@pytest.mark.parametrize("rows", [4_999, 5_000, 5_001])
def test_the_last_group_is_taken_in_whatever_its_size(tmp_path: Path, rows: int):
    place = workspace(tmp_path / "w", CHARTER)
    one = ("bring", "true", "Ann", "2026-02-03 04:05:06", "", "", "E-1", "true", 3, "")
    source = table(place, *((f"v{n}", *one) for n in range(rows)))
    with opened(place) as record:
        done = import_table(record, str(source), str(place / "charters" / "first-visit-part.yaml"))
        assert done.cases == record.store.count("first-visit-part", None, None) == rows

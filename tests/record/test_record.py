"""The record of a workspace: what leaves it, what is erased, what is noticed, what comes back."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from sayso.adapters.store_signing import is_signed
from sayso.domain.errors import (
    FileNotWritable,
    RecordBusy,
    RecordMissing,
    RecordRefused,
    RecordRewritten,
    RecordUnreadable,
    RecordUnwritable,
)
from sayso.record.asked import VERBS
from sayso.record.case_events import CaseOpened, ChoiceMade, HoldbackDrawn, PriorSealed
from sayso.record.coins import Seed, draw
from sayso.record.commands import (
    Abstain,
    AskAdvice,
    Choose,
    FileContest,
    GiveAdvice,
    OpenCase,
    RecordOutcome,
    SealPrior,
)
from sayso.record.receipt import Receipt, check_receipt
from sayso.record.record_events import SeedRevealed
from sayso.record.sight import Advice, Reader
from sayso.record.terms import Actor, ActorKind, Target
from sayso.record.tree import Edge
from sayso.record.witness import Alarm, Alarmed, Witnessed, witness
from sayso.workspace.record_care import (
    back_up,
    erase,
    freeze,
    hold,
    lift,
    restore,
    verify_workspace,
)
from sayso.workspace.record_place import RecordPlace
from tests.record.case_life_cases import ANN, BEN, BOT
from tests.record.workspaces import CHARTER, NOW, Hand, command, does, opened, workspace

ADVICE = GiveAdvice(answer="leave", source="parts-model@7", confidence=0.8)
ROUTINE = OpenCase(inputs=(("fault_code", "E-12"), ("stock_low", True)))
CASE = OpenCase(inputs=(("fault_code", "E-41"), ("stock_low", False)))
REASON = "the customer described it, word for word"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return workspace(tmp_path / "w")


def refusal(record, ask, case: str = "visit-1", by: Actor = ANN) -> str:
    with pytest.raises(RecordRefused) as caught:
        record.do(command(case, ask, by))
    return caught.value.refusal


@pytest.mark.feature("C3")
def test_a_case_goes_through_the_record_and_comes_back_after_opening_it_again(folder: Path):
    with opened(folder) as record:
        for number in range(12):
            case = f"visit-{number}"
            does(record, case, CASE)
            does(record, case, ADVICE, by=BOT)
            if record.case("first-visit-part", case).prior_asked:
                assert refusal(record, AskAdvice(), case) == "prior-first"
                does(record, case, SealPrior(answer="bring"))
            view = does(record, case, AskAdvice()).case
            assert view.advice in (Advice.SHOWN, Advice.WITHHELD)
            does(record, case, Choose(answer="bring", reason_text=REASON))
            does(record, case, RecordOutcome(outcome=True), by=BEN)
        views = [record.case("first-visit-part", f"visit-{n}") for n in range(12)]
    with opened(folder) as again:
        assert [again.case("first-visit-part", f"visit-{n}") for n in range(12)] == views
    assert {view.advice for view in views} <= {Advice.SHOWN, Advice.WITHHELD}
    assert verify_workspace(folder).whole


def test_the_coins_on_record_are_those_of_the_seed_once_it_is_revealed(folder: Path):
    with opened(folder) as record:
        for number in range(20):
            does(record, f"visit-{number}", CASE if number % 2 else ROUTINE)
        record.rotate_seed()
        events = record.events(0, 500, Reader.AUDITOR)[0]
        stored = [r.event for r in record.store.events(0, 500)]
        kept = record.charters.version("first-visit-part", 3)
    assert kept is not None
    revealed = next(r.event.data for r in events if isinstance(r.event.data, SeedRevealed))
    seed = Seed(revealed.seed, bytes.fromhex(revealed.value))
    openings = {e.case: e.data for e in stored if isinstance(e.data, CaseOpened)}
    draws = {e.case: e.data for e in stored if isinstance(e.data, HoldbackDrawn)}
    for case, opening in openings.items():
        assert case is not None
        # Where stock is low, the consent leaves the case out of the holdback.
        excluded = dict(opening.inputs)["stock_low"] is True
        drawn = draw(seed, kept.charter, case, excluded=excluded)
        assert (drawn.ask, drawn.ask_probability) == (
            opening.prior_asked,
            opening.prior_ask_probability,
        )
        assert draws[case].show == drawn.show
        assert draws[case].show_probability == (1.0 if excluded else 0.5)
        assert draws[case].excluded is excluded


def test_what_the_consent_may_leave_out_is_left_out(folder: Path):
    with opened(folder) as record:
        for number in range(30):
            does(record, f"visit-{number}", OpenCase())
        drawn = [r.event.data for r in record.store.events(0, 100)]
    assert all(d.show and d.excluded for d in drawn if isinstance(d, HoldbackDrawn))


@pytest.mark.feature("C2")
def test_neither_the_stream_nor_errors_nor_retries_tell_advice_before_its_time(folder: Path):
    secret = GiveAdvice(answer="leave", source="parts-model@tell-tale", details=(("part", "K-7"),))
    with opened(folder) as record:
        cases = [f"visit-{n}" for n in range(16)]
        for case in cases:
            does(record, case, CASE)
            given = command(case, secret, BOT)
            # The answer to the giver, and to the giver again, says nothing of the coin.
            first, again = record.do(given), record.do(given)
            assert first.case == again.case
            assert again.again
        sealed = [c for c in cases if record.case("first-visit-part", c).prior_asked]
        assert sealed
        for case in sealed:
            said = [refusal(record, AskAdvice(), case), refusal(record, secret, case, BOT)]
            said.append(refusal(record, FileContest(target=Target.ADVICE, text="?"), case))
            assert said == ["prior-first", "advice-twice", "advice-not-seen"]
        for reader in Reader:
            page, after = record.events(0, 1000, reader)
            assert "tell-tale" not in repr(page)
            assert "HoldbackDrawn" not in repr(page)
            assert after == record.store.head().size
        assert "tell-tale" not in repr([record.case("first-visit-part", c) for c in cases])


def test_an_agent_decides_alone_only_in_the_routine_and_only_if_delegated(tmp_path: Path):
    advise = workspace(tmp_path / "a")
    with opened(advise) as record:
        does(record, "visit-1", ROUTINE)
        assert refusal(record, Choose(answer="bring"), by=BOT) == "not-yours-to-decide"
    delegate = workspace(tmp_path / "b", CHARTER.replace("mode: advise", "mode: delegate"))
    with opened(delegate) as record:
        does(record, "visit-1", ROUTINE)
        does(record, "visit-1", Choose(answer="bring"), by=BOT)
        does(record, "visit-2", CASE)
        assert refusal(record, Choose(answer="bring"), "visit-2", BOT) == "not-yours-to-decide"
        does(record, "visit-3", OpenCase())
        assert refusal(record, Abstain(), "visit-3", BOT) == "not-yours-to-decide"
    capped = CHARTER.replace("mode: advise", "mode: act").replace(
        "ceiling: delegate", "ceiling: advise"
    )
    with opened(workspace(tmp_path / "c", capped)) as record:
        does(record, "visit-1", ROUTINE)
        assert refusal(record, Choose(answer="bring"), by=BOT) == "not-yours-to-decide"


def test_bad_commands_are_named_and_leave_nothing(folder: Path):
    frame = {
        "id": command("v", CASE).id,
        "decision": "first-visit-part",
        "charter_version": 3,
        "case": "visit-1",
        "at": "2026-11-24T09:00:00Z",
    }
    bad = [
        ("decide", {}, "kind-unknown"),
        ("open", {"id": None}, "field-missing"),
        ("open", {"id": 7}, "field-wrong"),
        ("open", {"id": "7"}, "id-wrong"),
        ("open", {"decision": "first-visit"}, "decision-unknown"),
        ("open", {"charter_version": 2}, "charter-stale"),
        ("open", {"charter_version": True}, "field-wrong"),
        ("open", {"at": "2026-11-24"}, "field-wrong"),
        ("open", {"at": "2027-11-24T09:00:00Z"}, "clock-ahead"),
        ("open", {"case": "visit\u202e1"}, "name-unclear"),
        ("open", {"by": "ann"}, "field-unknown"),
        ("open", {"inputs": {"a": {"b": 1}}}, "field-wrong"),
        ("choice", {"answer": "bring"}, "case-not-opened"),
        ("choice", {}, "field-missing"),
        ("contest", {"target": "boss", "text": "x"}, "field-wrong"),
    ]
    with opened(folder) as record:
        before = record.store.head()
        for verb, change, code in bad:
            plain = {
                name: value for name, value in {**frame, **change}.items() if value is not None
            }
            with pytest.raises(RecordRefused) as caught:
                record.ask(verb, plain, ANN)
            assert caught.value.refusal == code, (verb, change)
        agent = Actor(ActorKind.AGENT, "bot")
        with pytest.raises(RecordRefused, match="agent-for-nobody"):
            record.ask("open", frame, agent)
        assert record.store.head() == before
        assert record.ask("open", frame, ANN).case.case == "visit-1"


def test_every_verb_can_be_asked_as_json(folder: Path):
    with opened(folder) as record:
        for verb, made in VERBS.items():
            needs = [f.name for f in dataclasses.fields(made) if f.default is dataclasses.MISSING]
            with pytest.raises(RecordRefused) as caught:
                record.ask(
                    verb,
                    {
                        "id": command("v", CASE).id,
                        "decision": "first-visit-part",
                        "charter_version": 3,
                        "case": "never-opened",
                        "at": "2026-11-24T09:00:00Z",
                        **({"nonsense": 1} if verb == "open" else {}),
                    },
                    ANN,
                )
            expected = "field-missing" if needs else "case-not-opened"
            assert caught.value.refusal == ("field-unknown" if verb == "open" else expected)


def test_values_that_no_record_can_hold_are_refused_before_they_are_hashed(folder: Path):
    with opened(folder) as record:
        for inputs in ((("x", float("nan")),), (("x", "\ud800"),)):
            assert refusal(record, OpenCase(inputs=inputs)) == "not-finite"
        many = tuple((f"n{i}", "x" * 9_000) for i in range(200))
        assert refusal(record, OpenCase(inputs=many)) == "too-large"
        assert refusal(record, OpenCase(inputs=many, subject="c1")) == "too-large"
        does(record, "visit-1", OpenCase(inputs=(("x", "literally \\u0000"),)))
    assert verify_workspace(folder).whole


# --- receipts and the witness ---


@pytest.mark.feature("T2")
def test_a_receipt_proves_that_the_first_view_came_before_the_advice(folder: Path):
    with opened(folder) as record:
        case = next(f"v{n}" for n in range(50) if does(record, f"v{n}", ROUTINE).case.prior_asked)
        does(record, case, ADVICE, by=BOT)
        prior = does(record, case, SealPrior(answer="bring"))
        shown = does(record, case, AskAdvice())
        key = record.key
        proofs = []
        for done in (prior, shown):
            kept = record.store.find(done.id)
            assert kept is not None
            receipt = Receipt.parse(record.receipt(done.id).text)
            check_receipt(receipt, kept.body, key, is_signed)
            proofs.append((receipt.index, json.loads(kept.body)["kind"]))
    assert proofs == sorted(proofs)
    assert [kind for _, kind in proofs] == ["prior.sealed", "advice.shown"]


def test_a_witness_follows_the_record_and_finds_what_was_rewritten(folder: Path, tmp_path: Path):
    with opened(folder) as record:
        does(record, "visit-1", CASE, Choose(answer="bring"))
        first = witness(None, record.witness_request(0), record.key, is_signed)
        assert isinstance(first, Witnessed)
        does(record, "visit-1", RecordOutcome(outcome=True), by=BEN)
        second = witness(first.note, record.witness_request(first.head.size), record.key, is_signed)
        assert isinstance(second, Witnessed)
        assert second.grown == 1
        key = record.key
    rewrite(folder)
    RecordPlace(folder).seen.unlink()
    with opened(folder) as record:
        # It agrees with itself, and signs what it says now.
        assert verify_workspace(folder).whole
        found = witness(second.note, record.witness_request(second.head.size), key, is_signed)
    assert isinstance(found, Alarmed)
    assert found.alarm is Alarm.REWRITTEN
    heads = tmp_path / "heads"
    heads.mkdir()
    (heads / "1").write_text(second.note, "utf-8")
    against = verify_workspace(folder, against=(heads,), key=key.text)
    assert any("kept elsewhere has another root" in f.message for f in against.faults)


def rewrite(folder: Path) -> None:
    """An insider with the database changes a choice and makes everything agree again."""
    from sayso.record.tree import append, leaf_of

    database = sqlite3.connect(folder / "record" / "record.db")
    for name in ("records_no_update", "records_no_delete", "nodes_no_update", "nodes_no_delete"):
        database.execute(f"DROP TRIGGER {name}")
    rows = database.execute("SELECT place, salt, body FROM records ORDER BY place").fetchall()
    database.execute("DELETE FROM nodes")
    edge = Edge()
    for place, salt, body in rows:
        changed = body.replace(b'"answer":"bring"', b'"answer":"leave"')
        leaf = leaf_of(salt, changed)
        database.execute(
            "UPDATE records SET body = ?, leaf = ? WHERE place = ?", (changed, leaf, place)
        )
        nodes: list = []
        edge = append(edge, leaf, nodes)
        database.executemany(
            "INSERT INTO nodes VALUES (?, ?, ?)", [(n.level, n.place, n.hash) for n in nodes]
        )
    database.execute("UPDATE head SET root = ?", (edge.root,))
    database.commit()
    database.close()


def test_a_record_that_was_rewritten_or_cut_off_is_not_opened_for_writing(folder: Path):
    with opened(folder) as record:
        does(record, "visit-1", CASE, Choose(answer="bring"))
    copy = folder.parent / "old.db"
    shutil.copy(folder / "record" / "record.db", copy)
    with opened(folder) as record:
        does(record, "visit-2", CASE)
    shutil.copy(folder / "record" / "record.db", folder.parent / "new.db")
    shutil.copy(copy, folder / "record" / "record.db")
    with pytest.raises(RecordRewritten, match="when it was seen last"):
        opened(folder)
    shutil.copy(folder.parent / "new.db", folder / "record" / "record.db")
    opened(folder).close()
    rewrite(folder)
    with pytest.raises(RecordRewritten, match="not those that were seen"):
        opened(folder)


@pytest.mark.parametrize(
    "statement", ["UPDATE records SET kind = 'x'", "DELETE FROM records", "DELETE FROM nodes"]
)
def test_the_database_itself_refuses_to_change_a_record(folder: Path, statement: str):
    with opened(folder) as record:
        does(record, "visit-1", CASE, Choose(answer="bring"))
    database = sqlite3.connect(folder / "record" / "record.db")
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        database.execute(statement)
    database.close()


# --- erasing people ---


@pytest.mark.feature("C15")
def test_an_erased_persons_words_are_nowhere_and_the_tree_still_verifies(folder: Path):
    with opened(folder) as record:
        does(record, "visit-1", CASE, Choose(answer="bring", reason_text=REASON))
        does(record, "visit-2", CASE)
        does(record, "visit-2", Choose(answer="leave", reason_text="mine stays"), by=BEN)
        root = record.store.head().root
        body = next(r for r in record.store.events(0, 50) if isinstance(r.event.data, ChoiceMade))
        assert isinstance(body.event.data, ChoiceMade)
        assert body.event.data.reason_text == REASON
        erase(record, "ann", BEN, approved_by="cara", authority="request of 3 March")
        head = record.store.head()
        assert head.root != root
        choices = [
            r.event.data for r in record.store.events(0, 50) if isinstance(r.event.data, ChoiceMade)
        ]
        assert [c.reason_text for c in choices] == ["", "mine stays"]
        assert [c.answer for c in choices] == ["bring", "leave"]
        assert refusal(record, FileContest(target=Target.CHARTER, text="x")) == "subject-erased"
    assert verify_workspace(folder).whole
    for file in folder.rglob("*"):
        if file.is_file():
            assert REASON.encode() not in file.read_bytes(), file


def test_nobody_erases_alone_and_nothing_under_a_hold(folder: Path):
    with opened(folder) as record:
        for second in ("ben", " "):
            with pytest.raises(RecordRefused, match="second-person"):
                erase(record, "ann", BEN, approved_by=second, authority="x")
        every, one = (
            hold(record, BEN, why="claim 7"),
            hold(record, BEN, why="claim 8", subject="ann"),
        )
        with pytest.raises(RecordRefused, match="on-hold.*claim 7"):
            erase(record, "cara", BEN, approved_by="dan", authority="x")
        lift(record, every, BEN)
        erase(record, "cara", BEN, approved_by="dan", authority="x")
        with pytest.raises(RecordRefused, match="on-hold.*claim 8"):
            erase(record, "ann", BEN, approved_by="dan", authority="x")
        lift(record, one, BEN)
        with pytest.raises(RecordRefused, match="nothing-owed"):
            lift(record, one, BEN)
        erase(record, "ann", BEN, approved_by="dan", authority="x")


def test_erasing_that_was_cut_short_is_finished_at_the_next_opening(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    with opened(folder) as record:
        does(record, "visit-1", CASE, Choose(answer="bring", reason_text=REASON))
        monkeypatch.setattr(record.keys, "erase", lambda names: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase(record, "ann", BEN, approved_by="cara", authority="x")
    with opened(folder) as again:
        assert "ann" in again.keys.erased


def test_a_restored_copy_of_record_and_keys_brings_nobody_back(folder: Path, tmp_path: Path):
    place = RecordPlace(folder)
    with opened(folder) as record:
        does(record, "visit-1", CASE, Choose(answer="bring", reason_text=REASON))
        size = back_up(record, tmp_path / "copy.gz")
    shutil.copy(place.keys, tmp_path / "keys.db")
    with opened(folder) as record:
        erase(record, "ann", BEN, approved_by="cara", authority="x")
    shutil.rmtree(folder / "record")
    shutil.copy(tmp_path / "keys.db", place.keys)
    with pytest.raises(RecordRewritten, match="although-older"):
        restore(folder, tmp_path / "copy.gz")
    assert restore(folder, tmp_path / "copy.gz", although_older=True, clock=Hand()) == size
    with opened(folder) as again:
        choice = [r for r in again.store.events(0, 50) if isinstance(r.event.data, ChoiceMade)]
        assert choice[0].erased == ("reason_text",)
        kinds = [r.event.data.KIND for r in again.store.events(0, 50)]
        assert kinds[-1] == "record.restored"
        assert again.key.name.endswith("/again")


def test_a_copy_of_the_record_holds_no_keys(folder: Path, tmp_path: Path):
    with opened(folder) as record:
        does(record, "visit-1", CASE, Choose(answer="bring", reason_text=REASON))
    moved = workspace(tmp_path / "thief")
    (moved / "record").mkdir()
    shutil.copy(folder / "record" / "record.db", moved / "record" / "record.db")
    with opened(moved) as record:
        choice = [r for r in record.store.events(0, 50) if isinstance(r.event.data, ChoiceMade)]
        assert choice[0].erased == ("reason_text",)


# --- copies, ends, locks ---


def test_a_copy_fills_an_empty_record_with_the_same_head(folder: Path, tmp_path: Path):
    with opened(folder) as record:
        does(record, "visit-1", CASE, Choose(answer="bring", reason_text=REASON))
        given = command("visit-2", CASE)
        record.do(given)
        size = back_up(record, tmp_path / "copy.gz")
        head = record.store.head()
    shutil.rmtree(folder / "record")
    assert restore(folder, tmp_path / "copy.gz") == size
    with pytest.raises(RecordUnwritable, match="not empty"):
        restore(folder, tmp_path / "copy.gz")
    with opened(folder) as again:
        assert again.store.head() == head
        assert again.do(given).again
        found = [r for r in again.store.events(0, 50) if isinstance(r.event.data, ChoiceMade)]
        assert isinstance(found[0].event.data, ChoiceMade)
        assert found[0].event.data.reason_text == REASON
    assert verify_workspace(folder).whole


@pytest.mark.parametrize("place", [0, 3, 10, 40, 120, 300, -40, -9, -6, -1])
def test_a_damaged_copy_is_refused_and_leaves_nothing(folder: Path, tmp_path: Path, place: int):
    with opened(folder) as record:
        does(record, "visit-1", CASE, Choose(answer="bring"))
        size = back_up(record, tmp_path / "copy.gz")
        root = record.store.head().root
    content = bytearray((tmp_path / "copy.gz").read_bytes())
    content[place] ^= 0x10
    (tmp_path / "bent.gz").write_bytes(content)
    (tmp_path / "short.gz").write_bytes(content[: len(content) // 2])
    shutil.rmtree(folder / "record")
    with pytest.raises(RecordUnreadable):
        restore(folder, tmp_path / "short.gz")
    try:
        # A bit that means nothing to the file's format changes nothing of what is in it.
        restore(folder, tmp_path / "bent.gz")
    except RecordUnreadable:
        assert restore(folder, tmp_path / "copy.gz") == size
    with opened(folder) as again:
        assert again.store.head().root == root


def test_a_record_that_was_frozen_takes_nothing_and_can_be_read(folder: Path):
    with opened(folder) as record:
        does(record, "visit-1", CASE)
        note = freeze(record, BEN, why="moved to another system")
        assert note.splitlines()[1] == str(record.store.head().size)
        assert refusal(record, Choose(answer="bring")) == "record-frozen"
        with pytest.raises(RecordRefused, match="record-frozen"):
            hold(record, BEN, why="x")
    with opened(folder) as again:
        assert again.case("first-visit-part", "visit-1").choice is None
    assert verify_workspace(folder).whole


def test_one_program_at_a_time_writes_and_others_may_verify(folder: Path):
    with opened(folder) as record:
        does(record, "visit-1", CASE)
        with pytest.raises(RecordBusy):
            opened(folder)
        assert verify_workspace(folder).whole
        does(record, "visit-1", Choose(answer="bring"))
        assert verify_workspace(folder).whole
    opened(folder).close()


def test_what_is_no_record_is_said(folder: Path, tmp_path: Path):
    with pytest.raises(RecordMissing):
        opened(folder, make=False)
    with pytest.raises(RecordMissing):
        verify_workspace(folder)
    (folder / "record").mkdir()
    (folder / "record" / "record.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(RecordUnreadable):
        opened(folder)
    with pytest.raises(RecordUnreadable):
        restore(folder, tmp_path / "nothing.gz")
    shutil.rmtree(folder / "record")
    with opened(folder) as record, pytest.raises(FileNotWritable):
        back_up(record, tmp_path / "no" / "such" / "folder")


def test_a_record_of_a_newer_sayso_is_not_touched(folder: Path):
    opened(folder).close()
    database = sqlite3.connect(folder / "record" / "record.db")
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.commit()
    database.close()
    with pytest.raises(RecordUnreadable, match="9999"):
        opened(folder)
    with pytest.raises(RecordUnreadable, match="9999"):
        verify_workspace(folder)


def test_the_tables_of_the_code_are_those_that_the_changes_make(tmp_path: Path):
    import sqlalchemy as sa
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from sayso.adapters.store_tables import METADATA, NEWEST, bring_up_to_date, schema_version

    engine = sa.create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.begin() as connection:
        bring_up_to_date(connection)
        assert schema_version(connection) == NEWEST
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_a_case_is_read_against_the_version_it_was_opened_under(folder: Path):
    with opened(folder) as record:
        does(record, "visit-1", CASE)
        file = folder / "charters" / "first-visit-part.yaml"
        old = file.parent / "old"
        old.mkdir()
        (old / "first-visit-part@3.yaml").write_text(CHARTER, "utf-8")
        file.write_text(
            CHARTER.replace("version: 3", "version: 4").replace(
                "[bring, leave]", "[bring, leave, ask]"
            ),
            "utf-8",
        )
        assert refusal(record, Choose(answer="ask")) == "option-not-allowed"
        does(record, "visit-1", Choose(answer="bring"))
        assert refusal(record, CASE, "visit-2") == "charter-stale"
        record.do(command("visit-2", CASE, version=4))
        record.do(command("visit-2", Choose(answer="ask"), version=4))
        (old / "first-visit-part@3.yaml").unlink()
        assert refusal(record, RecordOutcome(outcome=True)) == "charter-stale"


def test_times_taken_in_only_grow_when_the_clock_is_set_back(folder: Path):
    clock = Hand()
    with opened(folder, clock=clock) as record:
        first = does(record, "visit-1", CASE)
        clock.at = NOW
        second = does(record, "visit-1", Choose(answer="bring"))
        assert second.recorded_at >= first.recorded_at
    assert verify_workspace(folder).whole


def test_priors_on_record_are_those_that_were_given(folder: Path):
    with opened(folder) as record:
        given = 0
        for number in range(10):
            if does(record, f"v{number}", CASE).case.prior_asked:
                does(record, f"v{number}", SealPrior(answer="bring"))
                given += 1
        stored = [r for r in record.store.events(0, 100) if isinstance(r.event.data, PriorSealed)]
    assert len(stored) == given

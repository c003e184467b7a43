"""A case from a program: sealed stays sealed, with the server there and away."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import sayso
from sayso.domain.errors import (
    AddressRefused,
    RecordRefused,
    ServerAway,
    SpoolUnusable,
    WorkspaceMissing,
)
from sayso.record.asked import VERBS
from sayso.sdk import (
    AsyncCase,
    Case,
    Client,
    NoAdvice,
    NotAsked,
    Sealed,
    Shown,
    Unreached,
    Withheld,
    advised,
    predictor,
)
from sayso.sdk.waiting import Counts
from tests.sdk.servers import HOLDING, OPEN_CHARTER, SEALING, serving

METHODS = {
    "open": "open",
    "prior": "prior",
    "skip-prior": "skip_prior",
    "advice": "give_advice",
    "ask-advice": "ask_advice",
    "open-advice": "open_advice",
    "signal": "signal",
    "choice": "choose",
    "reason": "reason",
    "ignore": "ignore",
    "abstain": "abstain",
    "escalate": "escalate",
    "expire": "expire",
    "contest": "contest",
    "answer-contest": "answer_contest",
    "workaround": "workaround",
    "answer-workaround": "answer_workaround",
    "outcome": "outcome",
    "correct": "correct",
}
# What a program says in another word than the record keeps it under, or says when opening.
OTHER_WORDS = {"reason_code": "reason"}
HEAVY = ("duckdb", "fastapi", "starlette", "scipy", "numpy", "sqlalchemy", "pydantic", "httpx")


def connected(served: Any, tmp_path: Path, **options: Any) -> Client:
    return sayso.connect(served.url, spool=tmp_path / "spool", **options)


@pytest.mark.parametrize("statement", ["import sayso.sdk", "import sayso; sayso.connect"])
def test_the_sdk_loads_nothing_heavy(statement: str):
    program = f"import sys; {statement}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_recording_loads_nothing_heavy_but_the_http_client(tmp_path: Path):
    program = (
        "import sys, sayso\n"
        f"client = sayso.connect('http://127.0.0.1:9', spool={str(tmp_path)!r})\n"
        "client.case('d', id='c', version=1).choose('x')\n"
        "client.close(0)\n"
        f"print([m for m in {HEAVY[:-1]!r} if m in sys.modules], client.counts().waiting)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[] 2"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_method_with_its_fields(verb: str):
    method = getattr(Case, METHODS[verb])
    assert hasattr(AsyncCase, METHODS[verb])
    if verb == "open":
        method = Client.case
    taken = set(inspect.signature(method).parameters)
    for field in dataclasses.fields(VERBS[verb]):
        assert {field.name, OTHER_WORDS.get(field.name)} & taken, f"{verb} has no {field.name}"


@pytest.mark.feature("C1")
def test_a_case_from_its_opening_to_its_outcome_is_on_record(tmp_path: Path):
    with serving(tmp_path / "w") as served, connected(served, tmp_path) as client:
        with client.case("claims-triage", id="c-1", inputs={"amount": 5000.0}) as case:
            advice = case.advice("expert", source="triage@1", confidence=0.8)
            assert advice == Shown("expert", "triage@1", 0.8)
            case.open_advice()
            case.signal("head-of-claims", says="desk", text="no experts free")
            choice = case.choose("desk", reason="other", confidence=0.6, seconds=12.0)
            case.correct(choice, "confidence", 0.7, because="typed wrongly")
            case.contest("choice", "I waited for weeks.")
            case.workaround("It was decided by phone.")
            case.outcome(True, value=-200.0)
        assert client.flush()
        assert client.refused() == []
        assert served.kinds("c-1") == [
            "case.opened",
            "holdback.drawn",
            "advice.computed",
            "advice.shown",
            "advice.opened",
            "signal.seen",
            "choice.made",
            "corrected",
            "contest.filed",
            "workaround.reported",
            "outcome.recorded",
        ]


def test_where_nothing_can_be_sealed_advice_waits_for_nobody(tmp_path: Path):
    with serving(tmp_path / "w") as served, connected(served, tmp_path) as client:
        client.charter("claims-triage")
        served.fault = lambda writes: 503
        with client.case("claims-triage", id="c-1") as case:
            assert case.advice("expert", source="triage@1").shown
            assert not case.prior_asked
            assert case.prior("desk") == NotAsked()
            case.choose("expert")
        assert client.counts().waiting == 4
        served.fault = lambda writes: None
        assert client.flush()
        assert "advice.shown" in served.kinds("c-1")


@pytest.mark.feature("C2")
def test_advice_is_held_back_until_the_first_view_is_on_record(tmp_path: Path):
    with serving(tmp_path / "w", SEALING) as served, connected(served, tmp_path) as client:
        with client.case("claims-triage", id="c-1") as case:
            assert case.prior_asked
            assert case.advice("expert", source="triage@1") == Sealed()
            assert isinstance(case.prior("desk", confidence=0.5), str)
            assert case.ask_advice() == Shown("expert", "triage@1")
            case.choose("expert")
        assert client.flush()
        kinds = served.kinds("c-1")
        assert kinds.index("prior.sealed") < kinds.index("advice.shown")
        assert client.counts().refused == 0


@pytest.mark.feature("C2")
def test_withheld_advice_is_handed_out_only_after_the_choice(tmp_path: Path):
    with serving(tmp_path / "w", HOLDING) as served, connected(served, tmp_path) as client:
        case = client.case("claims-triage", id="c-1")
        assert case.advice("expert", source="triage@1") == Withheld()
        assert case.ask_advice() == Withheld()
        case.choose("desk")
        assert case.ask_advice() == Shown("expert", "triage@1")


@pytest.mark.feature("C2")
@pytest.mark.parametrize("charter", [SEALING, HOLDING])
def test_with_the_server_away_nothing_is_shown_that_may_be_sealed(tmp_path: Path, charter: str):
    with (
        serving(tmp_path / "w", charter) as served,
        connected(served, tmp_path, wait=0.1) as client,
    ):
        client.charter("claims-triage")
        served.fault = lambda writes: 503
        with client.case("claims-triage", id="c-1") as case:
            assert case.prior_asked is False
            advice = case.advice("expert", source="triage@1")
            assert isinstance(advice, Unreached)
            assert not advice.shown
            assert "expert" not in repr(advice)
            case.choose("desk")
        served.fault = lambda writes: None
        assert client.flush()
        kinds = served.kinds("c-1")
        assert "advice.shown" not in kinds
        assert ("prior.skipped" in kinds) is (charter is SEALING)


def test_a_charter_that_was_never_seen_may_seal_anything(tmp_path: Path):
    with serving(tmp_path / "w") as served, connected(served, tmp_path, wait=0.1) as client:
        served.fault = lambda writes: 503
        case = client.case("claims-triage", id="c-1", version=2)
        assert isinstance(case.advice("expert", source="triage@1"), Unreached)
        client.close(0)


def test_an_answer_that_was_lost_is_asked_for_again_and_recorded_once(tmp_path: Path):
    with serving(tmp_path / "w", SEALING) as served, connected(served, tmp_path) as client:
        faults = ["lost", "lost"]
        served.fault = lambda writes: (
            faults.pop() if faults and writes[-1]["verb"] == "ask-advice" else None
        )
        with client.case("claims-triage", id="c-1") as case:
            case.prior("desk")
            assert case.advice("expert", source="triage@1").shown
            case.choose("expert")
        assert client.flush()
        assert not faults
        assert served.kinds("c-1").count("advice.shown") == 1


def test_there_is_no_advice_before_it_was_given(tmp_path: Path):
    with serving(tmp_path / "w") as served, connected(served, tmp_path) as client:
        case = client.case("claims-triage", id="c-1")
        assert case.ask_advice() == NoAdvice()


def test_the_first_advice_counts(tmp_path: Path):
    with serving(tmp_path / "w") as served, connected(served, tmp_path) as client:
        case = client.case("claims-triage", id="c-1")
        case.give_advice("expert", source="triage@1")
        assert case.advice("desk", source="triage@2") == Shown("expert", "triage@1")


def test_a_case_under_an_old_charter_says_so_where_an_answer_is_waited_for(tmp_path: Path):
    with serving(tmp_path / "w") as served, connected(served, tmp_path) as client:
        case = client.case("claims-triage", id="c-1", version=1)
        with pytest.raises(RecordRefused, match="charter-stale"):
            case.advice("expert", source="triage@1")
        assert client.flush()
        assert {one["problem"]["code"] for one in client.refused()} >= {"charter-stale"}


def test_a_case_goes_on_in_another_program(tmp_path: Path):
    with serving(tmp_path / "w", SEALING) as served, connected(served, tmp_path) as client:
        client.case("claims-triage", id="c-1").open()
        assert client.flush()
        with sayso.connect(served.url, spool=tmp_path / "other") as other:
            case = other.opened_case("claims-triage", id="c-1")
            assert case.prior_asked
            case.prior("desk")
            case.choose("desk")
            assert other.flush()
            assert other.refused() == []
        assert served.kinds("c-1")[-1] == "choice.made"


def test_a_program_that_awaits_records_the_same(tmp_path: Path):
    async def decide(client: Client) -> None:
        async with client.case_async("claims-triage", id="c-1", inputs={"amount": 1.0}) as case:
            assert await case.prior_asked()
            await case.prior("desk")
            assert (await case.advice("expert", source="triage@1")).shown
            await case.choose("expert", reason="amount is high")

    with serving(tmp_path / "w", SEALING) as served, connected(served, tmp_path) as client:
        asyncio.run(decide(client))
        assert client.flush()
        assert served.kinds("c-1")[-1] == "choice.made"


def test_a_block_that_raises_records_no_end(tmp_path: Path):
    def fail(client: Client) -> None:
        with client.case("claims-triage", id="c-1"):
            raise KeyError

    with serving(tmp_path / "w") as served, connected(served, tmp_path) as client:
        with pytest.raises(KeyError):
            fail(client)
        assert client.flush()
        assert served.kinds("c-1") == ["case.opened", "holdback.drawn"]


@pytest.mark.parametrize(
    ("value", "code"), [(float("nan"), "not-finite"), ("\ud800", "text-unreadable")]
)
def test_what_no_record_keeps_is_refused_at_once(tmp_path: Path, value: object, code: str):
    client = sayso.connect("http://127.0.0.1:9", spool=tmp_path)
    case = client.case("d", id="c", version=1)
    with pytest.raises(RecordRefused) as caught:
        case.choose(value)  # pyright: ignore[reportArgumentType]
    assert caught.value.refusal == code
    assert client.counts() == Counts(written=1, waiting=1)
    client.close(0)


def test_a_spool_is_sent_with_the_token_it_was_written_under(tmp_path: Path):
    sayso.connect("http://127.0.0.1:9", token="one", spool=tmp_path).close(0)
    with pytest.raises(SpoolUnusable, match="another token"):
        sayso.connect("http://127.0.0.1:9", token="two", spool=tmp_path)
    sayso.connect("http://127.0.0.1:9", token="two", spool=tmp_path, renewed=True).close(0)
    sayso.connect("http://127.0.0.1:9", token="two", spool=tmp_path).close(0)
    assert b"two" not in b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.is_file())


@pytest.mark.parametrize("url", ["http://records.example", "http://10.0.0.1:80", "http://"])
def test_a_token_does_not_travel_unencrypted(tmp_path: Path, url: str):
    with pytest.raises(AddressRefused):
        sayso.connect(url, token="secret", spool=tmp_path)


# --- charters ---


def test_a_charter_is_kept_with_its_age_and_not_sent_again_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with serving(tmp_path / "w") as served, connected(served, tmp_path) as client:
        assert client.charter("claims-triage").version == 2
        assert client.charter("claims-triage").age.total_seconds() < 60
        assert len(served.gets) == 1

        class Later(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:
                return datetime.now(UTC).replace(year=datetime.now(UTC).year + 1)

        with monkeypatch.context() as patch:
            patch.setattr("sayso.sdk.client.datetime", Later)
            assert client.charter("claims-triage").age.total_seconds() == 0
        assert len(served.gets) == 2
    later = sayso.connect(served.url, spool=tmp_path / "spool")
    with monkeypatch.context() as patch:
        patch.setattr("sayso.sdk.client.datetime", Later)
        kept = later.charter("claims-triage")
    assert kept.question == "Who looks at this claim?"
    assert kept.reasons == ("amount is high", "other")
    later.close(0)


def test_a_charter_whose_server_is_away_says_its_age(tmp_path: Path):
    with serving(tmp_path / "w") as served, connected(served, tmp_path) as client:
        client.charter("claims-triage")
    file = tmp_path / "spool" / "charters" / "claims-triage.json"
    text = file.read_text()
    file.write_text(text.replace(f'"at": "{datetime.now(UTC).year}', '"at": "2020'))
    with sayso.connect(served.url, spool=tmp_path / "spool", wait=0.1) as client:
        assert client.charter("claims-triage").age.days > 365
        with pytest.raises(ServerAway):
            client.charter("never-seen")
        client.close(0)


# --- models ---


class Model:
    """Predicts as scikit-learn's estimators do."""

    def predict(self, rows: list[float]) -> list[str]:
        return ["expert" if row > 1000 else "desk" for row in rows]

    def predict_proba(self, rows: list[float]) -> list[list[float]]:
        return [[0.9, 0.1] for _ in rows]


def test_a_predictor_records_each_prediction_as_advice(tmp_path: Path):
    with serving(tmp_path / "w") as served, connected(served, tmp_path) as client:
        model = predictor(Model(), client, "claims-triage", source="forest@7")
        found = model.predict(
            [10.0, 5000.0], cases=["a", "b"], inputs=[{"amount": 10.0}, {"amount": 5000.0}]
        )
        assert [one.advice for one in found] == [
            Shown("desk", "forest@7", 0.9),
            Shown("expert", "forest@7", 0.9),
        ]
        found[1].case.choose("expert")
        assert client.flush()
        assert served.kinds("b")[-1] == "choice.made"
        with pytest.raises(ValueError, match="zip"):
            model.predict([1.0, 2.0], cases=["only-one"])


def test_numbers_of_numpy_are_recorded_as_numbers(tmp_path: Path):
    numpy = pytest.importorskip("numpy")
    with serving(tmp_path / "w") as served, connected(served, tmp_path) as client:
        case = client.case("claims-triage", id="a", inputs={"amount": numpy.float32(2.5)})
        advice = case.advice(numpy.array(["expert"])[0], source="m@1", confidence=numpy.float64(1))
        assert type(advice.answer) is str  # pyright: ignore[reportAttributeAccessIssue]
        assert client.flush()
        assert client.refused() == []


def test_a_call_is_recorded_as_advice_and_hands_out_what_may_be_shown(tmp_path: Path):
    def ask_model(claim: str, *, amount: float) -> dict[str, Any]:
        return {"route": "expert", "sure": 0.7, "text": f"{claim}: {amount}"}

    with serving(tmp_path / "w", HOLDING) as served, connected(served, tmp_path) as client:
        asked = advised(
            ask_model,
            client,
            "claims-triage",
            source="llm@3",
            case=lambda claim, *, amount: claim,
            answer=lambda said: said["route"],
            inputs=lambda claim, *, amount: {"amount": amount},
            confidence=lambda said: said["sure"],
        )
        found = asked("c-9", amount=12.0)
        assert found.advice == Withheld()
        found.case.choose("desk")
        assert client.flush()
        assert "advice.computed" in served.kinds("c-9")


# --- a workspace's folder ---


@pytest.mark.parametrize("charter", [OPEN_CHARTER, SEALING])
def test_a_script_records_straight_into_a_workspace(tmp_path: Path, charter: str):
    folder = tmp_path / "w"
    (folder / "charters").mkdir(parents=True)
    (folder / "charters" / "claims-triage.yaml").write_text(charter, "utf-8")
    with sayso.connect(folder) as client:
        with client.case("claims-triage", id="c-1") as case:
            case.prior("desk")
            assert case.advice("expert", source="triage@1").shown
            case.choose("expert")
            with pytest.raises(RecordRefused, match="choice-twice"):
                case.choose("desk")
        assert client.counts().waiting == 0
        assert client.counts().dropped == 0


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path):
    with pytest.raises(WorkspaceMissing):
        sayso.connect(tmp_path / "nowhere")

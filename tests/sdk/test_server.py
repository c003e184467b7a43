"""The SDK against the server as it is started: its door, its tokens, its answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn

import sayso
from sayso.api.app import make_api
from sayso.domain.errors import RecordRefused
from sayso.sdk import Sealed, Shown
from sayso.workspace.api_office import Office
from sayso.workspace.tokens import make_token
from tests.record.workspaces import workspace
from tests.sdk.servers import OPEN_CHARTER, SEALING


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, Office]]:
    """The door of programs on a port of this computer, asking everybody for a token."""
    with closing(Office(folder)) as office:
        settings = uvicorn.Config(
            make_api(office, for_this_computer=False), port=0, log_level="critical", lifespan="off"
        )
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            thread.join(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield f"http://127.0.0.1:{port}", office
        finally:
            server.should_exit = True
            thread.join()


def token_for(folder: Path, actor: str, person: str | None = None, *verbs: str) -> str:
    made = make_token(
        folder,
        actor,
        decisions=("*",),
        verbs=verbs or ("*",),
        now=datetime.now(UTC),
        acting_for=person,
        origins=(),
        days=1,
    )
    return made.text


def kinds(office: Office, case: str) -> list[str]:
    events = office.record.store.events(0, 1000)
    return [e.event.data.KIND for e in events if e.event.case == case]


def test_a_service_records_the_choices_of_several_people(tmp_path: Path):
    folder = workspace(tmp_path / "w", SEALING)
    token = token_for(folder, "service:claims-desk", "*")
    with (
        running(folder) as (url, office),
        sayso.connect(url, token=token, spool=tmp_path / "spool") as client,
    ):
        assert client.charter("claims-triage").seals
        for name in ("ann", "ben"):
            with client.case("claims-triage", id=f"of-{name}", decider=name) as case:
                assert case.advice("expert", source="triage@1", confidence=0.9) == Sealed()
                case.prior("desk")
                assert case.ask_advice() == Shown("expert", "triage@1", 0.9)
                case.choose("expert", reason="amount is high")
        assert client.flush()
        assert client.refused() == []
        assert kinds(office, "of-ben")[-1] == "choice.made"
        people = {
            e.event.by.acting_for
            for e in office.record.store.events(0, 1000)
            if e.event.data.KIND == "choice.made"
        }
        assert len(people) == 2


def test_the_server_says_that_a_charter_seals_nothing(tmp_path: Path):
    folder = workspace(tmp_path / "w", OPEN_CHARTER)
    token = token_for(folder, "human:ann")
    with (
        running(folder) as (url, office),
        sayso.connect(url, token=token, spool=tmp_path / "spool") as client,
    ):
        assert not client.charter("claims-triage").seals
        case = client.case("claims-triage", id="c-1", inputs={"amount": 1})
        assert case.advice("expert", source="triage@1").shown
        case.choose("expert")
        with pytest.raises(RecordRefused, match="case-not-opened"):
            _ = client.opened_case("claims-triage", id="c-2").prior_asked
        assert client.flush()
        assert kinds(office, "c-1")[-1] == "choice.made"


def test_what_a_token_may_not_do_lies_with_the_refused(tmp_path: Path):
    folder = workspace(tmp_path / "w", OPEN_CHARTER)
    token = token_for(folder, "human:ann", None, "open", "read")
    with (
        running(folder) as (url, office),
        sayso.connect(url, token=token, spool=tmp_path / "spool") as client,
    ):
        client.case("claims-triage", id="c-1").choose("desk")
        assert client.flush()
        assert [one["write"]["verb"] for one in client.refused()] == ["choice"]
        assert kinds(office, "c-1") == ["case.opened", "holdback.drawn"]


def test_writes_under_a_dead_token_wait_for_its_successor(tmp_path: Path):
    folder = workspace(tmp_path / "w", OPEN_CHARTER)
    token = token_for(folder, "human:ann")
    with running(folder) as (url, office):
        dead = token[:-4] + ("aaaa" if token[-4:] != "aaaa" else "bbbb")
        client = sayso.connect(url, token=dead, spool=tmp_path / "spool")
        client.case("claims-triage", id="c-1", version=2).choose("desk")
        assert not client.flush(0.3)
        assert "401" in client.trouble
        client.close(0)
        with sayso.connect(url, token=token, spool=tmp_path / "spool", renewed=True) as successor:
            assert successor.flush()
            assert successor.counts().refused == 0
        assert kinds(office, "c-1")[-1] == "choice.made"

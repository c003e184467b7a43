"""The door on a PostgreSQL record: the same answers as on a file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.doors import SLUG, Door, code, write
from tests.record.test_stores import cluster, database
from tests.record.workspaces import workspace

__all__ = ["cluster", "database"]


@pytest.mark.deep
def test_a_case_is_decided_sealed_and_proved_on_postgres(
    database: Callable[[], str],
    tmp_path: Path,
):
    with Door(workspace(tmp_path), database=database()) as door:
        case = door.case_of(sealed=True)
        door.does(case, "advice")
        assert code(door.write("ask-advice", case)) == "prior-first"
        told = door.does(case, "prior", "ask-advice", "choice", "outcome")
        assert told["case"]["shown"]["answer"] == "bring"
        assert code(door.write("choice", case)) == "choice-twice"
        plain = write("open", "again")
        statuses = [door.post("/v1/cases", plain).status_code for _ in range(3)]
        assert statuses == [201, 200, 200]
        asked = [
            ("POST", "/v1/cases", None, {}, {"json": write("open", f"many-{n % 40}")})
            for n in range(80)
        ]
        assert sorted(a.status_code for a in door.ask_all(asked)) == [201] * 40 + [409] * 40
        writes = [{"verb": "open", **write("open", f"batch-{n}")} for n in range(300)]
        answers = door.post("/v1/batch", {"writes": writes}).json()["answers"]
        assert {a["status"] for a in answers} == {201}
        assert door.get(f"/v1/receipts/{told['id']}").status_code == 200
        assert door.get(f"/v1/case?decision={SLUG}&case={case}").json() == told["case"]
        assert door.get(f"/v1/export?decision={SLUG}").status_code == 200
        assert door.get("/readyz").json() == {"ready": True}
    assert not (tmp_path / "record" / "record.db").exists()

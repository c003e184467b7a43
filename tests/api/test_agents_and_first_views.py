"""An agent that may advise does not see what a person thought first, until the case is decided."""

import json

import pytest

from tests.api.doors import SLUG, Door


@pytest.mark.feature("C3")
def test_an_agent_sees_a_first_view_only_when_its_case_is_decided(door: Door):
    agent = door.token("agent:helper", verbs=["read"], acting_for="ann")
    person = door.token()
    case = door.case_of(sealed=True)
    told = door.does(case, "prior", token=person)
    place = f"/v1/receipts/{told['id']}"

    def seen(token: str) -> bool:
        events = door.get("/v1/events?since=0&most=500", token).json()["events"]
        return any(e["case"] == case and e["kind"] == "prior.sealed" for e in events)

    assert seen(person)
    assert not seen(agent)
    assert told["id"] not in json.dumps(door.get("/v1/events?most=500", agent).json())
    assert door.get(place, agent).status_code == 404
    assert door.get(place, person).status_code == 200
    door.does(case, "advice", "choice", token=person)
    assert seen(agent)
    assert door.get(place, agent).status_code == 200
    assert door.get(f"/v1/case?decision={SLUG}&case={case}", agent).status_code == 200

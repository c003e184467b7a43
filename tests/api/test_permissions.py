"""Who may do what: every combination there is, held against an independent judge."""

import itertools

import cedarpy
import pytest

from sayso.api.app import ROUTES, make_api
from sayso.api.permissions import Permission, needs
from sayso.api.route import Route, undeclared
from sayso.record.asked import VERBS
from sayso.record.terms import ActorKind
from sayso.workspace.api_rights import READING, RIGHTS, Asking, Role, Standing, why_not
from tests.api.doors import FIELDS, PATHS, SLUG, Door, code, write
from tests.record.workspaces import CHARTER, workspace

# The same rules in another language, written from the reference and not from the code.
POLICIES = """
permit (principal, action, resource) when {
    resource.decision_granted && resource.right_granted
    && principal.for_person
    && (principal.kind == "human" || principal.kind == "service")
    && ["open","advice","signal","contest","workaround","outcome",
        "read","figures","export","capture"].contains(context.right)
};
permit (principal, action, resource) when {
    resource.decision_granted && resource.right_granted
    && principal.kind == "agent" && principal.for_person
    && ["open","advice","contest","workaround","outcome","read","figures"].contains(context.right)
};
permit (principal, action, resource) when {
    resource.decision_granted && resource.right_granted
    && principal.kind == "service" && !principal.for_person
    && ["open","advice","ask-advice","open-advice","signal","ignore","expire","contest",
        "workaround","outcome","correct","read","figures","export","capture"].contains(context.right)
};
permit (principal, action, resource) when {
    resource.decision_granted && resource.right_granted && principal.for_person
    && (principal.kind == "human" || principal.kind == "service")
    && ["prior","skip-prior","choice","reason","ignore","abstain","escalate","expire","correct",
        "answer-contest","answer-workaround"].contains(context.right)
    && (!resource.deciders_named || principal.owner || principal.decider)
};
permit (principal, action, resource) when {
    resource.decision_granted && resource.right_granted && principal.for_person
    && (principal.kind == "human" || principal.kind == "service")
    && ["ask-advice","open-advice"].contains(context.right)
    && (!resource.deciders_named || principal.owner || principal.decider || principal.consulted)
};
permit (principal, action, resource) when {
    resource.decision_granted && resource.right_granted && principal.for_person
    && principal.kind == "agent" && ["choice","escalate"].contains(context.right)
    && (!resource.deciders_named || principal.owner || principal.decider)
};
permit (principal, action, resource) when {
    resource.decision_granted && resource.right_granted && principal.for_person
    && principal.kind == "agent" && context.right == "ask-advice"
    && (!resource.deciders_named || principal.owner || principal.decider || principal.consulted)
};
"""
ROLE_SETS = [
    frozenset(roles) for many in (0, 1, 2) for roles in itertools.combinations(list(Role), many)
]
TABLE = [
    Asking(
        kind=kind,
        for_person=for_person,
        right=right,
        decision_granted=decision,
        right_granted=granted,
        standing=Standing(roles, named),
    )
    for kind in ActorKind
    for for_person in (True, False)
    for right in (*RIGHTS, "approve", "override", "close", "activate", "")
    for decision in (True, False)
    for granted in (True, False)
    for named in (True, False)
    for roles in ROLE_SETS
]


def _who(asking: Asking) -> str:
    assert asking.standing is not None
    roles = "+".join(sorted(asking.standing.roles))
    return f"{asking.kind}/{asking.for_person}/{roles}"


def _what(asking: Asking) -> str:
    assert asking.standing is not None
    named = asking.standing.deciders_named
    return f"{asking.decision_granted}/{asking.right_granted}/{named}"


def _judged(table: list[Asking]) -> list[bool]:
    """What the independent judge says of every row."""
    people = {
        _who(a): {
            "kind": str(a.kind),
            "for_person": a.for_person,
            **{str(role): a.standing is not None and role in a.standing.roles for role in Role},
        }
        for a in table
    }
    decisions = {
        _what(a): {
            "decision_granted": a.decision_granted,
            "right_granted": a.right_granted,
            "deciders_named": a.standing is not None and a.standing.deciders_named,
        }
        for a in table
    }
    entities = [
        {"uid": {"type": kind, "id": name}, "attrs": attributes, "parents": []}
        for kind, found in (("Who", people), ("Decision", decisions))
        for name, attributes in found.items()
    ]
    requests = [
        {
            "principal": f'Who::"{_who(a)}"',
            "action": 'Action::"ask"',
            "resource": f'Decision::"{_what(a)}"',
            "context": {"right": a.right},
        }
        for a in table
    ]
    said = cedarpy.is_authorized_batch(requests, POLICIES, entities)
    return [one.decision is cedarpy.Decision.Allow for one in said]


def test_every_row_of_the_table_is_decided_as_an_independent_judge_decides_it():
    judged = _judged(TABLE)
    wrong = [a for a, said in zip(TABLE, judged, strict=True) if (why_not(a) is None) != said]
    assert not wrong, wrong[:3]
    assert 0 < sum(judged) < len(TABLE)


def test_what_is_not_granted_is_denied_whatever_else_is_true():
    assert not [
        a for a in TABLE if not (a.decision_granted and a.right_granted) and why_not(a) is None
    ]


def test_an_agent_never_approves_overrides_closes_answers_or_unseals():
    never = {
        "prior", "skip-prior", "open-advice", "reason", "ignore", "abstain", "expire", "correct",
        "answer-contest", "answer-workaround", "export", "capture", "signal",
        "approve", "override", "close", "activate", "",
    }  # fmt: skip
    agents = [a for a in TABLE if a.kind is ActorKind.AGENT]
    assert not [a for a in agents if a.right in never and why_not(a) is None]
    assert not [a for a in agents if not a.for_person and why_not(a) is None]


def test_without_a_standing_what_depends_on_the_role_is_denied():
    for right in RIGHTS:
        asking = Asking(
            kind=ActorKind.HUMAN,
            for_person=True,
            right=right,
            decision_granted=True,
            right_granted=True,
            standing=None,
        )
        free = right in {"open", "advice", "signal", "contest", "workaround", "outcome", *READING}
        assert (why_not(asking) is None) is free, right


def test_a_route_that_says_nothing_keeps_the_door_from_opening(tmp_path):
    forgotten = Route(
        method="GET",
        path="/v1/forgotten",
        permission=None,  # pyright: ignore[reportArgumentType] - what is tried
        answer=ROUTES[0].answer,
        says="Nothing.",
    )
    with Door(workspace(tmp_path)) as door, pytest.raises(ValueError, match="/v1/forgotten"):
        make_api(door.office, for_this_computer=True, routes=(*ROUTES, forgotten))
    assert undeclared(ROUTES) == []


def test_a_right_that_nobody_has_cannot_be_declared():
    with pytest.raises(ValueError, match="no right"):
        needs("approve")


def test_what_is_public_says_nothing_of_the_workspace():
    public = {route.path for route in ROUTES if route.permission.public}
    assert public == {"/healthz", "/readyz", "/metrics", "/v1/openapi.json"}
    any_login = {r.path for r in ROUTES if r.permission == Permission()}
    assert any_login == {"/v1/me", "/v1/batch"}


def test_no_address_approves_or_changes_a_charter():
    written = {route.path for route in ROUTES if route.method != "GET"}
    assert written == {*PATHS.values(), "/v1/batch", "/v1/mandate", "/v1/capture-tokens"}


PEOPLE = """\
- {role: dispatchers, person: ann, from: 2026-01-01}
- {role: head-of-field-service, person: olga, from: 2026-01-01}
- {role: technicians, person: tom, from: 2026-01-01}
- {role: customers, person: ines, from: 2026-01-01}
- {role: dispatchers, person: left, from: 2025-01-01, to: 2025-12-31}
"""
ROLES_OF = {
    "ann": {Role.DECIDER},
    "olga": {Role.OWNER},
    "tom": {Role.CONSULTED},
    "ines": {Role.INFORMED},
    "left": set(),
    "stranger": set(),
}
WITH_RIGHTS = CHARTER.replace(
    "rights: {decide: [dispatchers]}",
    "rights: {decide: [dispatchers], consult: [technicians], inform: [customers]}",
)


def _reads(right: str) -> tuple[str, str, dict[str, object]]:
    """A request that needs a right of reading."""
    return {
        "read": ("GET", f"/v1/decisions/{SLUG}/charter", {}),
        "figures": ("GET", f"/v1/figures?decision={SLUG}", {}),
        "export": ("GET", f"/v1/export?decision={SLUG}", {}),
        "capture": (
            "POST",
            "/v1/capture-tokens",
            {
                "json": {
                    "decision": SLUG,
                    "case": "visit-1",
                    "verbs": ["contest"],
                    "origin": "https://crm.example",
                }
            },
        ),
    }[right]


def test_over_http_every_right_is_given_to_whom_the_table_gives_it(tmp_path):
    """Every route x who carries the token x role x what the token was made for."""
    folder = workspace(tmp_path, WITH_RIGHTS)
    (folder / "people.yaml").write_text(PEOPLE, "utf-8")
    carriers = [
        *((ActorKind.HUMAN, f"human:{p}", None, p) for p in ROLES_OF),
        *((ActorKind.AGENT, "agent:bot", p, p) for p in ROLES_OF),
        *((ActorKind.SERVICE, "service:crm", p, p) for p in ROLES_OF),
        (ActorKind.SERVICE, "service:crm", None, None),
    ]
    wrong: list[object] = []
    with Door(folder, public=True) as door:
        for kind, actor, acting_for, person in carriers:
            for slugs, rights in ((["*"], ["*"]), (["other"], ["*"]), ([SLUG], ["figures"])):
                origins = ["https://crm.example"]
                token = door.token(
                    actor, acting_for=acting_for, decisions=slugs, verbs=rights, origins=origins
                )
                requests = []
                for right in RIGHTS:
                    if right in VERBS:
                        plain = {**write(right), "id": "not one", **FIELDS.get(right, {})}
                        requests.append(("POST", PATHS[right], token, {}, {"json": plain}))
                    else:
                        method, path, options = _reads(right)
                        requests.append((method, path, token, {}, options))
                for right, answer in zip(RIGHTS, door.ask_all(requests), strict=True):
                    roles = frozenset(ROLES_OF[person]) if person else frozenset[Role]()
                    allowed = why_not(
                        Asking(
                            kind=kind,
                            for_person=person is not None,
                            right=right,
                            decision_granted=slugs != ["other"],
                            right_granted=rights == ["*"] or right in rights,
                            standing=Standing(roles, deciders_named=True),
                        )
                    )
                    if right == "capture" and allowed is None:
                        continue
                    refused = answer.status_code == 403
                    if refused:
                        assert code(answer) == "not-allowed"
                    if refused is not (allowed is not None):
                        wrong.append((actor, acting_for, slugs, rights, right, answer.text[:200]))
        assert door.size() == 1
    assert not wrong, wrong[:5]


def test_where_nobody_is_named_for_a_role_the_token_says_who_decides(tmp_path):
    with Door(workspace(tmp_path, WITH_RIGHTS), public=True) as door:
        assert door.write("open", token=door.token()).status_code == 201
        assert door.write("choice", token=door.token("human:anybody")).status_code == 201


def test_a_role_that_changes_hands_changes_it_in_the_next_request(tmp_path):
    folder = workspace(tmp_path, WITH_RIGHTS)
    people = folder / "people.yaml"
    people.write_text(PEOPLE, "utf-8")
    with Door(folder, public=True) as door:
        ann, ben = door.token("human:ann"), door.token("human:ben")
        door.does("a", "open", token=ann)
        assert door.write("choice", "a", ben).status_code == 403
        people.write_text(PEOPLE.replace("person: ann", "person: ben"), "utf-8")
        assert door.write("choice", "a", ann).status_code == 403
        assert door.write("choice", "a", ben).status_code == 201


def test_a_damaged_list_of_people_lets_nobody_act_by_a_role(tmp_path):
    folder = workspace(tmp_path, WITH_RIGHTS)
    (folder / "people.yaml").write_text(PEOPLE.replace("role: dispatchers,", "rol: x,"), "utf-8")
    with Door(folder, public=True) as door:
        stranger = door.token("human:stranger")
        door.does("a", "open", token=stranger)
        answer = door.write("choice", "a", stranger)
        assert (answer.status_code, code(answer)) == (503, "workspace-unreadable")

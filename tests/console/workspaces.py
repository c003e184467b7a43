"""Workspaces in every state, and one that attacks its reader."""

import json
from datetime import date, timedelta
from pathlib import Path

from sayso.workspace.round_opening import open_round
from tests.declare.good_charter import GOOD

TODAY = date(2026, 11, 23)
MODES = ("advise", "act", "delegate", "advise", "advise", "watch")


def write(folder: Path, name: str, text: str) -> Path:
    """A file of a workspace."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def charter(slug: str, *lines: str) -> str:
    """A charter with a question and two answers; each line adds or replaces a key."""
    keys = {
        "decision": slug,
        "version": "1",
        "question": f"Should {slug.replace('-', ' ')} happen?",
        "options": "[do it, leave it]",
    }
    keys |= dict(line.split(": ", 1) for line in lines)
    return "".join(f"{key}: {value}\n" for key, value in keys.items() if value)


def one(folder: Path) -> Path:
    """A workspace with one decision as ``sayso start`` leaves it: nobody accountable."""
    write(
        folder,
        "charters/discount.yaml",
        charter("discount", "advice: {source: price bot, mode: act, ceiling: act}"),
    )
    return folder


def clean(folder: Path) -> Path:
    """A workspace with one decision and nothing open, but that nobody else was asked."""
    write(folder, "sayso.toml", 'name = "Nordlys Heat"\n')
    write(folder, "charters/first-visit-part.yaml", GOOD)
    write(
        folder,
        "people.yaml",
        "- role: head-of-field-service\n  person: Ingrid Solheim\n  from: 2025-10-01\n"
        "  accepted: [{charter: first-visit-part@3, on: 2026-09-02}]\n",
    )
    return folder


def many(folder: Path) -> Path:
    """A company with seven decisions, each in another state."""
    clean(folder)
    write(
        folder,
        "charters/installation-discount.yaml",
        charter(
            "installation-discount",
            "question: What discount should an installation quote get?",
            "owner: head-of-sales",
            "advice: {source: price bot, mode: act, ceiling: act}",
        ),
    )
    write(
        folder,
        "charters/warranty-claim.yaml",
        GOOD.replace("first-visit-part", "warranty-claim")
        .replace(
            "Should the technician bring the part on the first visit?",
            "Should we pay this warranty claim?",
        )
        .replace("owner: head-of-field-service", "owner: head-of-claims")
        .replace("mode: advise", "mode: delegate")
        .replace("visits.parquet", "claims.parquet"),
    )
    write(
        folder,
        "charters/stay-offer.yaml",
        charter(
            "stay-offer",
            "question: Should we offer this customer a reason to stay?",
            "owner: head-of-service",
            "advice: {source: churn model, mode: advise, ceiling: advise}",
            "assumptions: [{id: last-year, says: Customers this year are like last year’s, since: 2026-01-01}]",
            "outcome: {name: stayed, kind: boolean, due: 90d, seen_when: always}",
        ),
    )
    write(
        folder,
        "charters/reorder-early.yaml",
        charter(
            "reorder-early",
            "question: Should we reorder stock early?",
            "owner: head-of-stores",
            "look_again: {every: 90d, next: 2026-10-01}",
        ),
    )
    write(
        folder,
        "charters/stop-work.yaml",
        charter(
            "stop-work",
            "question: Should work stop after a safety report?",
            "owner: Astrid Vik",
            "advice: {source: report reader, mode: watch, ceiling: advise}",
        ),
    )
    write(
        folder, "charters/van-route.yaml", "decision: van-route\nversion: 1\nquestoin: Which way?\n"
    )
    people = (folder / "people.yaml").read_text("utf-8")
    people += (
        "- {role: head-of-claims, person: Leila Haddad, from: 2026-01-01, accepted: [{charter: warranty-claim@3, on: 2026-02-01}]}\n"
        "- {role: head-of-service, person: Marcus Dahl, from: 2026-01-01}\n"
        "- {role: head-of-stores, person: Jonas Berg, from: 2026-01-01, accepted: [{charter: reorder-early@1, on: 2026-02-01}]}\n"
        "- {role: head-of-sales, person: Nils Moen, from: 2026-01-01, to: 2026-06-01}\n"
    )
    write(folder, "people.yaml", people)
    open_round(folder, "warranty-claim", today=TODAY - timedelta(days=4), invite=12, n=0)
    ended_round(folder, "first-visit-part", answered=7)
    return folder


def ended_round(folder: Path, slug: str, *, answered: int, invite: int = 8) -> str:
    """A round that is over, with so many answers sent."""
    made = open_round(folder, slug, today=TODAY - timedelta(days=30), invite=invite, n=0)
    place = folder / "rounds" / made.round.id
    for n in range(answered):
        fields = {"owner": "Ingrid"}
        typed = {"format": 1, "round": made.round.id, "draft": fields, "sent": fields}
        write(place, f"answers/{n:032x}.json", json.dumps(typed))
    return made.round.id


def hostile(folder: Path) -> Path:
    """Names that would be markup, and a word that fits on no line."""
    bad = "<img src=x onerror=alert(1)>\\\"'&lt;"
    long = "x" * 300
    write(folder, "sayso.toml", f'name = "{bad}"\n')
    write(
        folder,
        "charters/attack.yaml",
        charter(
            "attack",
            f'question: "Is {bad} {long}?"',
            f'owner: "{bad}"',
            f'differently: [{{says: "{bad} {long}"}}]',
            f'assumptions: [{{id: a, says: "{bad}"}}]',
            f'rights: {{decide: ["{long}"]}}',
            f'options: ["{bad}", "{long}"]',
        ),
    )
    write(folder, "people.yaml", f'- {{role: "{bad}", person: "{bad} {long}"}}\n')
    return folder

"""The page on which the accountable person writes the rule, and sees what it still waits for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sayso.align.round import RoundState, SettleBy
from sayso.declare.people import read_people
from sayso.domain.errors import CharterChanged, RoundNotOver, SettleRefused
from sayso.learn.proposal import Settlement, read_settlement
from sayso.learn.settling import Allowed, may_settle, why_not
from sayso.present.pages import FormProblem
from sayso.present.round_notice import forgotten_says
from sayso.present.rounds import convening as words
from sayso.present.rounds.effects import OTHER, effects_of, kinds_of
from sayso.workspace.answering import base_of
from sayso.workspace.charter_pages import Shown
from sayso.workspace.objecting import answer_here, lies_open, stop_here
from sayso.workspace.proposals import draft_of, draft_place, draft_text, read_text
from sayso.workspace.round_pages import status_here, trail_of
from sayso.workspace.round_reading import round_report
from sayso.workspace.rounds import has_charter_changed
from sayso.workspace.settle import FIELDS, PEOPLE, round_facts, settle_round
from sayso.workspace.together import changing, write_together
from sayso.workspace.versions import kept_versions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from sayso.align.round_status import RoundStatus
    from sayso.declare.charter import Charter
    from sayso.learn.proposal import Proposal
    from sayso.learn.settling import RoundFacts

TYPED = (
    "rule", "why", "effect", "kind", "start", "target", "check", "where", "check_on", "still", "seen",
)  # fmt: skip
NO_EFFECT = "Choose what somebody will see change."
OF_HUNDRED = "Write it of 100 cases, such as 41."
LATER_DAYS = 90


def settle_form(
    folder: Path,
    slug: str,
    round_id: str,
    today: date,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[FormProblem] = (),
    stopped: tuple[str, str] = ("", ""),
) -> Shown:
    """The form for the rule, with what was typed before, or what it waits for where it lies open.

    Args:
        folder: The workspace.
        slug: The decision.
        round_id: The round.
        today: The day.
        typed: What was typed now; what was typed before where None.
        problems: What is wrong with it.
        stopped: The role with a veto and its reason, where those were typed.

    Raises:
        RoundNotFound: If there is no such round.
        SaysoError: As for ``round_report``: while it is open, there is nothing to settle.
    """
    status = status_here(folder, slug, round_id, today)
    if status.state is RoundState.SETTLED:
        return Shown(go=base_of(status.round))
    now = kept_versions(folder).latest(slug)
    facts = _facts(folder, status, now.charter, today)
    lying = lies_open(folder, round_id)
    kept = _as_typed(draft_of(folder, round_id), now.charter)
    return Shown(
        template="console/round_settle.html",
        title=words.settle_title(lying is not None),
        problems=tuple(problems),
        values={
            "trail": trail_of(status, "Write the rule"),
            "stand": forgotten_says(status)
            or words.settle_stand(round_report(folder, round_id, today).headline.text),
            "who": words.who_settles(facts.owner, facts.holder),
            "owner": "" if facts.holder else f"/d/{slug}/owner",
            "waits": words.waits(_waits_for(lying, facts, today)),
            "lying": words.proposed(lying, facts.settle) if lying is not None else None,
            "veto": words.roles(facts.veto) if facts.settle is SettleBy.VETO and lying else (),
            "stopped": stopped,
            "changed": has_charter_changed(folder, status.round),
            "action": f"{base_of(status.round)}/settle",
            "typed": {**dict.fromkeys(TYPED, ""), **(kept if typed is None else typed)}
            | {"seen": now.fingerprint},
            "effects": [(e.value, e.says) for e in effects_of(now.charter)],
            "kinds": [(k.value, k.says) for k in kinds_of(now.charter)],
            "notes": words.notes(f"{slug}@{now.ref.version + 1}", facts.settle),
            "other": OTHER,
            "button": words.settle_button(facts.settle, lying is not None),
            "example": (today + timedelta(days=LATER_DAYS)).isoformat(),
            "base": base_of(status.round),
        },
    )


def settle_from_form(
    folder: Path, slug: str, round_id: str, fields: Mapping[str, str], *, today: date
) -> Shown:
    """Settle as a form says, or lay the rule open; nothing typed is lost where it cannot be.

    Args:
        folder: The workspace.
        slug: The decision.
        round_id: The round.
        fields: What was typed.
        today: The day.

    Raises:
        RoundNotFound: If there is no such round.
        FileNotWritable: If the workspace cannot be written.
    """
    status = status_here(folder, slug, round_id, today)
    if status.state is RoundState.SETTLED:
        return Shown(go=base_of(status.round))
    if status.state is not RoundState.SHOWN:
        raise RoundNotOver(
            f"The round {round_id} is not over, so nothing of it can be settled.",
            hint="Wait until everybody has answered, or close it.",
        )
    typed = {name: fields.get(name, "").strip() for name in TYPED}
    charter = kept_versions(folder).latest(slug).charter
    wanted, problems = _settlement(typed, charter)
    wanted = _kept(folder, round_id, wanted, today)
    read = read_settlement(wanted, charter, today=today)
    if isinstance(read, tuple):
        said = {problem.field for problem in problems}
        found = [FormProblem(_field(p.field, typed), p.message) for p in read]
        problems += [problem for problem in found if problem.field not in said]
    if problems:
        return settle_form(folder, slug, round_id, today, typed=typed, problems=problems)
    try:
        done = settle_round(
            folder,
            round_id,
            wanted,
            today=today,
            although_changed=typed["still"] == "yes",
            seen=typed["seen"] or None,
        )
    except SettleRefused as error:
        # What is wrong with a field is said beside it already.
        labels = tuple(f"{label}: " for label in FIELDS.values())
        reasons = [r for r in error.reasons if not r.startswith(labels)] or [error.message]
        problems = [FormProblem("", words.of_page(reason)) for reason in reasons]
        return settle_form(folder, slug, round_id, today, typed=typed, problems=problems)
    except CharterChanged as error:
        problem = FormProblem("", f"{error.message} {error.hint}")
        return settle_form(folder, slug, round_id, today, typed=typed, problems=[problem])
    base = base_of(status.round)
    return Shown(go=base if done.is_settled else f"{base}/settle")


def answer_from_form(
    folder: Path, slug: str, round_id: str, number: int, fields: Mapping[str, str], *, today: date
) -> Shown:
    """Answer one objection; what was typed stays where it cannot be kept.

    Raises:
        RoundNotFound: If there is no such round.
        SettleRefused: If no rule lies open, or there is no such objection.
    """
    status = status_here(folder, slug, round_id, today)
    typed = fields.get(f"answer-{number}", "")
    problems = answer_here(folder, round_id, number, typed, today)
    if problems:
        return settle_form(folder, slug, round_id, today, problems=problems)
    return Shown(go=f"{base_of(status.round)}/settle#against")


def stop_from_form(
    folder: Path, slug: str, round_id: str, fields: Mapping[str, str], *, today: date
) -> Shown:
    """Keep that a role with a veto stops the rule.

    Raises:
        RoundNotFound: If there is no such round.
        SettleRefused: If no rule lies open, or the role may not stop it.
    """
    status = status_here(folder, slug, round_id, today)
    role, because = fields.get("role", ""), fields.get("because", "")
    problems = stop_here(folder, round_id, role, because, today)
    if problems:
        return settle_form(
            folder, slug, round_id, today, problems=problems, stopped=(role, because)
        )
    return Shown(go=f"{base_of(status.round)}/settle#against")


def _facts(folder: Path, status: RoundStatus, charter: Charter, today: date) -> RoundFacts:
    people = read_text(folder / PEOPLE)
    reading = read_people(people, PEOPLE) if people.strip() else None
    holders = () if reading is None or reading.problems else reading.holders
    return round_facts(status, charter, holders, on=today)


def _waits_for(lying: Proposal | None, facts: RoundFacts, today: date) -> tuple[str, ...]:
    """What stands in the way today, whatever is typed."""
    by = facts.owner or ""
    if lying is None:
        return why_not(facts, by=by)
    allowed = may_settle(lying, facts, lying.objections, by=by, today=today)
    return () if isinstance(allowed, Allowed) else allowed


def _settlement(typed: Mapping[str, str], charter: Charter) -> tuple[Settlement, list[FormProblem]]:
    """What was typed, as it settles a round: a picked effect becomes the expression behind it."""
    effect = next((e for e in effects_of(charter) if e.value == typed["effect"]), None)
    kind = next((k for k in kinds_of(charter) if k.value == typed["kind"]), None)
    problems: list[FormProblem] = []
    check, where = typed["check"], typed["where"]
    numbers = {"start": typed["start"], "target": typed["target"]}
    if effect is None:
        problems.append(FormProblem("effect", NO_EFFECT))
    elif effect.value != OTHER:
        check, where = effect.check, effect.where or (kind.where if kind else "")
    if effect is not None and effect.of_hundred:
        for name, text in numbers.items():
            share = _share(text)
            if share is not None:
                numbers[name] = f"{share:g}"
            elif text:
                problems.append(FormProblem(name, OF_HUNDRED))
    settlement = Settlement(
        rule=typed["rule"],
        why=typed["why"],
        check=check,
        where=where,
        start=numbers["start"],
        target=numbers["target"],
        check_on=typed["check_on"],
    )
    return settlement, problems


def _share(text: str) -> float | None:
    """So many of 100, as a share; None where it is no such number, or was written as a share."""
    plain = text.replace(",", ".", 1)
    if not plain.isascii() or not plain.replace(".", "", 1).isdecimal():
        return None
    number = float(plain)
    return round(number / 100, 6) if number == 0 or 1 <= number <= 100 else None


def _field(name: str, typed: Mapping[str, str]) -> str:
    """The field of the page that a problem of a settlement belongs to."""
    if name in ("check", "where") and typed["effect"] != OTHER:
        return "effect"
    return name if name in TYPED else ""


def _as_typed(draft: Settlement, charter: Charter) -> dict[str, str]:
    """A draft as the form's fields: an expression that can be picked is picked again."""
    effects, kinds = effects_of(charter), kinds_of(charter)
    effect, kind = next(
        (
            (e, k)
            for e in effects
            for k in kinds
            if e.check and e.check == draft.check and draft.where == (e.where or k.where)
        ),
        (None, None),
    )
    start, target = draft.start, draft.target
    if effect is not None and effect.of_hundred:
        start, target = _of_hundred(start), _of_hundred(target)
    picked = "" if not draft.check else OTHER if effect is None else effect.value
    return {
        "rule": draft.rule,
        "why": draft.why,
        "effect": picked,
        "kind": "" if effect is None or kind is None or effect.where else kind.value,
        "start": start,
        "target": target,
        "check": draft.check if picked == OTHER else "",
        "where": draft.where if picked == OTHER else "",
        "check_on": draft.check_on,
    }


def _of_hundred(text: str) -> str:
    try:
        return f"{float(text) * 100:g}"
    except ValueError:
        return text


def _kept(folder: Path, round_id: str, typed: Settlement, today: date) -> Settlement:
    """What was typed, kept as it stands: what was emptied here is not brought back from before."""
    with changing(folder):
        before = draft_of(folder, round_id)
        draft = replace(typed, weights=before.weights)
        if not draft.empty:
            write_together(folder, {draft_place(folder, round_id): draft_text(draft)}, day=today)
    return draft

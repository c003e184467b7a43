"""Proposals as files: ``proposals/<slug>-<n>.yaml``, what is said against them, and drafts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sayso.align.round import SettleBy
from sayso.declare.activation_file import ref_of
from sayso.declare.fields import Fields
from sayso.declare.yaml_tree import read_tree
from sayso.declare.yaml_value import Value, as_yaml
from sayso.domain.errors import ProposalNotFound, SettleRefused, WorkspaceUnreadable
from sayso.learn.proposal import Checked, Expected, Objection, Proposal, Settlement
from sayso.measure.estimators.difference import Change
from sayso.workspace.files import write_whole
from sayso.workspace.together import changing
from sayso.workspace.versions import kept_versions

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sayso.declare.yaml_tree import Entries, Node

PROPOSALS, DRAFTS = "proposals", "drafts"
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[1-9][0-9]{0,5}", re.ASCII)
KEYS = ("proposal", "round", "base", "makes", "fingerprint", "rule", "why", "expected", "check_on",
        "by", "settle", "drafted", "settled", "weights", "objections", "checks")  # fmt: skip
HEAD = "# Written by `sayso settle`; changing it by hand is not seen by those who were told.\n"


def proposal_ids(folder: Path) -> tuple[str, ...]:
    """The proposals of a workspace, by name and number."""
    inside = folder / PROPOSALS
    names = [f.stem for f in inside.glob("*.yaml")] if inside.is_dir() else []
    return tuple(sorted((n for n in names if _ID.fullmatch(n)), key=_by_number))


def _by_number(name: str) -> tuple[str, int]:
    slug, _, number = name.rpartition("-")
    return slug, int(number)


def file_of(folder: Path, proposal_id: str) -> Path:
    """The file of a proposal, there or not."""
    return folder / PROPOSALS / f"{proposal_id}.yaml"


def list_proposals(folder: Path) -> tuple[tuple[Proposal, ...], tuple[str, ...]]:
    """Every proposal, and the files that cannot be read, each with why."""
    found: list[Proposal] = []
    unread: list[str] = []
    for name in proposal_ids(folder):
        try:
            found.append(find_proposal(folder, name))
        except WorkspaceUnreadable as error:
            unread.append(error.message)
    return tuple(found), tuple(unread)


def find_proposal(folder: Path, proposal_id: str) -> Proposal:
    """One proposal.

    Raises:
        ProposalNotFound: If there is none; a name is never a way out of the workspace.
        WorkspaceUnreadable: If its file is damaged.
    """
    file = file_of(folder, proposal_id)
    if _ID.fullmatch(proposal_id) is None or not file.is_file():
        raise ProposalNotFound(proposal_id, proposal_ids(folder))
    return proposal_from(read_text(file), str(file))


def read_text(file: Path) -> str:
    """A file's text, "" where there is none.

    Raises:
        WorkspaceUnreadable: If it cannot be read.
    """
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise WorkspaceUnreadable(f"Cannot read {file}: {why}.", hint="Mend it by hand.") from error


def object_to(
    folder: Path, proposal_id: str, because: str, *, today: date, veto: str = ""
) -> Proposal:
    """Keep a reason against a proposal; who gave it is not kept.

    Args:
        folder: The workspace.
        proposal_id: The proposal.
        because: The reason.
        today: The day.
        veto: The role that stops the proposal; "" for an objection.

    Raises:
        ProposalNotFound: If there is no such proposal.
        SettleRefused: If it is settled, no reason is given, or the role may not stop it.
    """
    reason = _plain(because)
    if not reason:
        raise SettleRefused("An objection needs a reason.", hint="Say why: --because TEXT.")
    with changing(folder):
        proposal = find_proposal(folder, proposal_id)
        if proposal.settled is not None:
            raise SettleRefused(
                f"{proposal_id} was settled on {proposal.settled}.",
                hint="Open a new round, or propose another change.",
            )
        may = kept_versions(folder).latest(proposal.decision).charter.rights.veto
        if veto and veto not in may:
            raise SettleRefused(
                f"{veto} may not stop it.",
                hint=f"rights.veto of the charter names: {', '.join(may) or 'nobody'}.",
            )
        number = len(proposal.objections) + 1
        said = Objection(number=number, because=reason, on=today, veto=veto)
        after = replace(proposal, objections=(*proposal.objections, said))
        write_whole(file_of(folder, proposal_id), proposal_text(after))
    return after


def answer_objection(
    folder: Path, proposal_id: str, number: int, answer: str, *, today: date, by: str = ""
) -> Proposal:
    """Answer an objection, or lift a veto.

    Args:
        folder: The workspace.
        proposal_id: The proposal.
        number: The objection's number.
        answer: What is answered.
        today: The day.
        by: The role that answers; only the role that said it lifts a veto.

    Raises:
        ProposalNotFound: If there is no such proposal.
        SettleRefused: If there is no such objection, it is answered, or another's veto.
    """
    said = _plain(answer)
    if not said:
        raise SettleRefused("An answer says something.", hint="Write what is answered.")
    with changing(folder):
        proposal = find_proposal(folder, proposal_id)
        one = next((o for o in proposal.objections if o.number == number), None)
        if one is None:
            raise SettleRefused(
                f"{proposal_id} has no objection {number}.",
                hint=f"It has {len(proposal.objections)}.",
            )
        if one.answer:
            raise SettleRefused(
                f"Objection {number} was answered on {one.answered}: {one.answer}",
                hint="Object again if that does not settle it.",
            )
        if one.veto and by != one.veto:
            raise SettleRefused(
                f"Only {one.veto} lifts its veto.", hint=f"Lift it with --by {one.veto!r}."
            )
        answered = replace(one, answer=said, answered=today)
        after = replace(
            proposal,
            objections=tuple(answered if o is one else o for o in proposal.objections),
        )
        write_whole(file_of(folder, proposal_id), proposal_text(after))
    return after


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def proposal_text(proposal: Proposal) -> str:
    """A proposal as its file holds it."""
    effect = proposal.expected
    expected: dict[str, Value] = {"check": effect.check}
    if effect.where is not None:
        expected["where"] = effect.where
    expected |= {"from": effect.start, "to": effect.target}
    plain: dict[str, Value] = {
        "proposal": proposal.id,
        "round": proposal.round,
        "base": str(proposal.base),
        "makes": str(proposal.to),
        "fingerprint": proposal.fingerprint,
        "rule": proposal.rule,
        "why": proposal.why,
        "expected": expected,
        "check_on": proposal.check_on,
        "by": proposal.by,
        "settle": str(proposal.settle),
        "drafted": proposal.drafted,
    }
    if proposal.settled is not None:
        plain["settled"] = proposal.settled
    if proposal.weights:
        plain["weights"] = [{"name": n, "weight": w} for n, w in proposal.weights]
    if proposal.objections:
        plain["objections"] = [_objection(o) for o in proposal.objections]
    if proposal.checks:
        plain["checks"] = [_check(c) for c in proposal.checks]
    lines = [f"{k}:{_after(as_yaml(v))}\n" for k, v in plain.items()]
    return HEAD + "".join(lines)


def _after(text: str) -> str:
    return text if text.startswith("\n") else f" {text}"


def _objection(one: Objection) -> dict[str, Value]:
    said: dict[str, Value] = {"number": float(one.number), "because": one.because, "on": one.on}
    if one.veto:
        said["veto"] = one.veto
    if one.answer:
        said |= {"answer": one.answer, "answered": one.answered}
    return said


def _check(one: Checked) -> dict[str, Value]:
    said: dict[str, Value] = {"on": one.on, "change": str(one.change), "cases": float(one.cases)}
    for name, value in (("value", one.value), ("low", one.low), ("high", one.high)):
        if value is not None:
            said[name] = value
    if one.why:
        said["why"] = one.why
    return said


def proposal_from(text: str, file: str) -> Proposal:
    """The proposal of a text from ``proposal_text``.

    Raises:
        WorkspaceUnreadable: If it says anything else; the message names the first place.
    """
    tree = read_tree(text, file)
    f = Fields(problems=list(tree.problems))
    root = f.mapping(tree.root, "", KEYS) if tree.root is not None else None
    found = _proposal(root, f) if root is not None else None
    if found is None or f.problems:
        why = str(min(f.problems)) if f.problems else f"{file}: something is missing."
        raise WorkspaceUnreadable(why, hint="Bring the file back from a copy, or mend it by hand.")
    return found


def _proposal(root: Entries, f: Fields) -> Proposal | None:
    texts = {k: f.text(root.get(k), k) for k in ("proposal", "round", "fingerprint", "rule", "why")}
    base, makes = (
        f.parsed(root.get(k), k, ref_of, "a charter version", "slug@3") for k in ("base", "makes")
    )
    check_on, drafted = (
        f.day(root.get("check_on"), "check_on"),
        f.day(root.get("drafted"), "drafted"),
    )
    settle = f.one_of(root.get("settle"), "settle", SettleBy)
    expected, by = _expected(root.get("expected"), f), f.text(root.get("by"), "by")
    weights = _weights(root.get("weights"), f)
    objections = _objections(root.get("objections"), f)
    checks = _checks(root.get("checks"), f)
    if None in texts.values() or not (base and makes and expected and by and settle):
        f.refuse(root.place, "SAY112", "a proposal needs every field.", "Bring it back.")
        return None
    if check_on is None or drafted is None:
        f.refuse(root.place, "SAY112", "a proposal needs its days.", "Bring it back.")
        return None
    said = {k: v or "" for k, v in texts.items()}
    return Proposal(
        id=said["proposal"],
        base=base,
        to=makes,
        fingerprint=said["fingerprint"],
        round=said["round"],
        rule=said["rule"],
        why=said["why"],
        expected=expected,
        check_on=check_on,
        by=by,
        settle=settle,
        drafted=drafted,
        weights=weights,
        objections=objections,
        settled=f.day(root.get("settled"), "settled"),
        checks=checks,
    )


def _expected(node: Node | None, f: Fields) -> Expected | None:
    e = f.mapping(node, "expected", ("check", "where", "from", "to"))
    if e is None:
        return None
    check = f.text(e.get("check"), "expected.check")
    start, target = (f.number(e.get(k), f"expected.{k}") for k in ("from", "to"))
    if check is None or start is None or target is None:
        return None
    where = f.text(e.get("where"), "expected.where")
    return Expected(check=check, where=where, start=start, target=target)


def _weights(node: Node | None, f: Fields) -> tuple[tuple[str, float], ...]:
    found: list[tuple[str, float]] = []
    for item in f.items(node, "weights"):
        e = f.mapping(item, "weights", ("name", "weight"))
        name = f.text(e.get("name"), "weights.name") if e else None
        weight = f.number(e.get("weight"), "weights.weight") if e else None
        if name is not None and weight is not None:
            found.append((name, weight))
    return tuple(found)


def _objections(node: Node | None, f: Fields) -> tuple[Objection, ...]:
    found: list[Objection] = []
    for i, item in enumerate(f.items(node, "objections")):
        at = f"objections[{i}]"
        e = f.mapping(item, at, ("number", "because", "on", "veto", "answer", "answered"))
        if e is None:
            continue
        because, on = f.text(e.get("because"), f"{at}.because"), f.day(e.get("on"), f"{at}.on")
        if because is None or on is None:
            f.refuse(item.place, "SAY112", f"{at}: needs because and on.", "Bring it back.")
            continue
        found.append(
            Objection(
                number=i + 1,
                because=because,
                on=on,
                veto=f.text(e.get("veto"), f"{at}.veto") or "",
                answer=f.text(e.get("answer"), f"{at}.answer") or "",
                answered=f.day(e.get("answered"), f"{at}.answered"),
            )
        )
    return tuple(found)


def _checks(node: Node | None, f: Fields) -> tuple[Checked, ...]:
    found: list[Checked] = []
    for i, item in enumerate(f.items(node, "checks")):
        at = f"checks[{i}]"
        e = f.mapping(item, at, ("on", "change", "value", "low", "high", "cases", "why"))
        on = f.day(e.get("on"), f"{at}.on") if e else None
        change = f.one_of(e.get("change"), f"{at}.change", Change) if e else None
        if e is None or on is None or change is None:
            f.refuse(item.place, "SAY112", f"{at}: needs on and change.", "Bring it back.")
            continue
        value, low, high = (f.number(e.get(k), f"{at}.{k}") for k in ("value", "low", "high"))
        cases = f.number(e.get("cases"), f"{at}.cases")
        why = f.text(e.get("why"), f"{at}.why") or ""
        found.append(
            Checked(
                on=on,
                change=change,
                value=value,
                low=low,
                high=high,
                cases=int(cases or 0),
                why=why,
            )
        )
    return tuple(found)


def settlement_of(proposal: Proposal) -> Settlement:
    """A proposal as it would be typed."""
    effect = proposal.expected
    return Settlement(
        rule=proposal.rule,
        why=proposal.why,
        check=effect.check,
        where=effect.where or "",
        start=f"{effect.start!r}",
        target=f"{effect.target!r}",
        check_on=proposal.check_on.isoformat(),
        weights=", ".join(f"{n}={w!r}" for n, w in proposal.weights),
    )


def draft_place(folder: Path, round_id: str) -> Path:
    """Where what was typed for a round is kept until it settles the round."""
    return folder / PROPOSALS / DRAFTS / f"{round_id}.yaml"


def draft_of(folder: Path, round_id: str) -> Settlement:
    """What was typed for a round and refused, or laid open; nothing where there is none."""
    text = read_text(draft_place(folder, round_id))
    if text:
        tree = read_tree(text, str(draft_place(folder, round_id)))
        f = Fields(problems=list(tree.problems))
        names = tuple(Settlement.__slots__)
        root = f.mapping(tree.root, "", names) if tree.root is not None else None
        if root is not None:
            return Settlement(**{n: f.text(root.get(n), n) or "" for n in names})
    waiting = [p for p in list_proposals(folder)[0] if p.round == round_id and p.settled is None]
    return settlement_of(waiting[-1]) if waiting else Settlement()


def draft_text(typed: Settlement) -> str:
    """What was typed, as its file holds it."""
    said = {n: getattr(typed, n) for n in Settlement.__slots__}
    # A lone surrogate cannot be written as UTF-8; everything else comes back as it was typed.
    clean = {n: t.encode("utf-8", "replace").decode() for n, t in said.items()}
    lines = [f"{n}: {as_yaml(t)}\n" for n, t in clean.items()]
    return "# Typed, and not settled yet; `sayso settle` goes on from here.\n" + "".join(lines)

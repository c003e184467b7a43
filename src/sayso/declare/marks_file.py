"""The files of marks: the form to fill in, and what deciders miss with what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.declare.activation_file import ref_of
from sayso.declare.fields import Fields
from sayso.declare.marks import Fate, RawMarks, Suggestion, SuggestionKind, suggestion_id
from sayso.declare.yaml_tree import read_tree
from sayso.declare.yaml_value import as_flow, as_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.declare.charter import Charter
    from sayso.declare.problem import Problem
    from sayso.domain.charter_ref import CharterRef


def form_text(charter: Charter, code: str) -> str:
    """A form to fill in, as YAML.

    Args:
        charter: The version to mark.
        code: 26 random letters, another for each form.
    """
    lines = [
        f"# {_comment(charter.question or charter.decision)}",
        "# Five minutes, apart from the others. Nobody is shown who said what.",
        f"charter: {charter.ref}",
        f"code: {code}   # leave this line: it keeps a form from being counted twice",
        "",
        "# Where you work, is it so? Write behind each mark: true here, not here, or don't know.",
    ]
    if charter.assumptions:
        lines.append("assumptions:")
        for one in charter.assumptions:
            lines += [f"  - says: {as_flow(one.says)}", f"    id: {as_flow(one.id)}", "    mark:"]
    else:
        lines += ["assumptions: []   # none is written down"]
    lines += [
        "",
        "# What should be known of a case before anybody decides, and is not?",
        f"# Known now: {_comment(', '.join(n for n, _ in charter.inputs)) or 'nothing is listed'}.",
        "missing_inputs: []",
        "# Which reasons do people have that cannot be given?",
        f"# Can be given now: {_comment(', '.join(charter.reasons)) or 'nothing is listed'}.",
        "missing_reasons: []",
        "# What is taken for granted, and not written above?",
        "missing_assumptions: []",
    ]
    return "\n".join(lines) + "\n"


def _comment(text: str) -> str:
    """A text that stays inside one comment line."""
    return " ".join(text.split())


def raw_marks(text: str, file: str) -> tuple[CharterRef | None, RawMarks, tuple[Problem, ...]]:
    """Read a filled-in form.

    Args:
        text: Its text.
        file: Its name, for places.

    Returns:
        The version it is about, what was typed, and every problem of form.
    """
    tree = read_tree(text, file)
    f = Fields(problems=list(tree.problems))
    nothing = RawMarks(code="")
    if tree.root is None:
        return None, nothing, tuple(f.problems)
    known = ("charter", "code", "assumptions")
    missing = ("missing_inputs", "missing_reasons", "missing_assumptions")
    root = f.mapping(tree.root, "", (*known, *missing))
    if root is None:
        return None, nothing, tuple(sorted(f.problems))
    ref = f.parsed(root.get("charter"), "charter", ref_of, "a charter version", "slug@3")
    marks: dict[str, str] = {}
    for i, item in enumerate(f.items(root.get("assumptions"), "assumptions")):
        path = f"assumptions[{i}]"
        entries = f.mapping(item, path, ("says", "id", "mark"))
        if entries is None:
            continue
        name = f.text(entries.get("id"), f"{path}.id")
        mark = f.text(entries.get("mark"), f"{path}.mark")
        if name is not None and mark is not None:
            marks[name] = mark
    inputs, reasons, assumptions = (f.texts(root.get(key), key) for key in missing)
    code = f.text(root.get("code"), "code") or ""
    raw = RawMarks(code=code, marks=marks, inputs=inputs, reasons=reasons, assumptions=assumptions)
    return ref, raw, tuple(sorted(f.problems))


def read_suggestions(text: str, file: str) -> tuple[tuple[Suggestion, ...], tuple[Problem, ...]]:
    """Read suggestions.yaml, and every problem in it.

    Args:
        text: The file's text.
        file: Its name, for places.
    """
    tree = read_tree(text, file)
    f = Fields(problems=list(tree.problems))
    found: list[Suggestion] = []
    keys = ("id", "kind", "says", "on", "answered", "adopted", "because")
    for i, item in enumerate(f.items(tree.root, "suggestions")):
        path = f"[{i}]"
        e = f.mapping(item, path, keys)
        if e is None:
            continue
        name = f.text(e.get("id"), f"{path}.id")
        kind = f.one_of(e.get("kind"), f"{path}.kind", SuggestionKind)
        says, on = f.text(e.get("says"), f"{path}.says"), f.day(e.get("on"), f"{path}.on")
        parts = suggestion_id(name or "")
        if name is None or kind is None or says is None or on is None or parts is None:
            f.refuse(
                item.place, "SAY112", f"{path}: needs id, kind, says, on.", "Add the missing one."
            )
            continue
        answered = f.day(e.get("answered"), f"{path}.answered")
        adopted = f.parsed(
            e.get("adopted"), f"{path}.adopted", ref_of, "a charter version", "slug@3"
        )
        because = f.text(e.get("because"), f"{path}.because") or ""
        fate = None if answered is None else Fate(on=answered, adopted=adopted, because=because)
        found.append(Suggestion(id=name, charter=parts[0], kind=kind, says=says, on=on, fate=fate))
    return tuple(found), tuple(sorted(f.problems))


def suggestions_text(suggestions: Sequence[Suggestion]) -> str:
    """The text of suggestions.yaml."""
    lines = ["# What deciders miss, and what became of it; answer by `sayso marks answer`."]
    for one in suggestions:
        lines += [
            f"- id: {as_flow(one.id)}",
            f"  kind: {one.kind}",
            f"  says: {as_yaml(one.says)}",
            f"  on: {one.on}",
        ]
        if one.fate is not None:
            lines.append(f"  answered: {one.fate.on}")
            if one.fate.adopted is not None:
                lines.append(f"  adopted: {one.fate.adopted}")
            if one.fate.because:
                lines.append(f"  because: {as_yaml(one.fate.because)}")
    return "\n".join(lines) + "\n"

"""activations.yaml: from which day each charter version is in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.declare.activation import Activation
from sayso.declare.fields import Fields
from sayso.declare.yaml_tree import Items, read_tree
from sayso.declare.yaml_value import as_flow
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import InvalidReference

if TYPE_CHECKING:
    from datetime import date

    from sayso.declare.problem import Problem


@dataclass(frozen=True, slots=True)
class ActivationReading:
    """What activations.yaml says, with every problem in it."""

    activations: tuple[Activation, ...]
    problems: tuple[Problem, ...]


def read_activations(text: str, file: str) -> ActivationReading:
    """Read activations.yaml: a list of {charter, on, fingerprint}.

    Args:
        text: The file's text.
        file: Its name, for places.
    """
    if not text.strip():
        return ActivationReading((), ())
    tree = read_tree(text, file)
    f = Fields(problems=list(tree.problems))
    found: list[Activation] = []
    if tree.root is not None and not isinstance(tree.root, Items):
        f.wrong(tree.root, "activations", "a list", "- {charter: slug@3, on: 2026-01-31}")
    for i, item in enumerate(tree.root.items if isinstance(tree.root, Items) else ()):
        path = f"activations[{i}]"
        entries = f.mapping(item, path, ("charter", "on", "fingerprint"))
        if entries is None:
            continue
        ref = f.parsed(
            entries.get("charter"), f"{path}.charter", ref_of, "a charter version", "slug@3"
        )
        on = f.day(entries.get("on"), f"{path}.on")
        if ref is None or on is None:
            f.refuse(item.place, "SAY112", f"{path}: needs charter and on.", "Add what is missing.")
            continue
        print_ = f.text(entries.get("fingerprint"), f"{path}.fingerprint")
        found.append(Activation(charter=ref, on=on, fingerprint=print_ or ""))
    return ActivationReading(tuple(found), tuple(sorted(f.problems)))


def activated_text(text: str, one: Activation) -> str:
    """The text of activations.yaml with one more; what stands there stays.

    Args:
        text: The file's text; "" where there is none yet.
        one: What came into force.
    """
    entry: dict[str, str | date] = {"charter": str(one.charter), "on": one.on}
    if one.fingerprint:
        entry["fingerprint"] = one.fingerprint
    line = f"- {as_flow(entry)}\n"
    if not text.strip():
        return f"# From which day each charter version is in force; written by `sayso activate`.\n{line}"
    return f"{text}{'' if text.endswith(chr(10)) else chr(10)}{line}"


def ref_of(text: str) -> CharterRef | None:
    """A charter version from its text; None where it names none."""
    try:
        return CharterRef.parse(text)
    except InvalidReference:
        return None

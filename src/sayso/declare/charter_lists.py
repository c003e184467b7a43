"""Reading the lists of a charter: differently, matters, mistakes, assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.declare.charter import Assumption, Different, Mistake, Objective

if TYPE_CHECKING:
    from sayso.declare.fields import Fields
    from sayso.declare.yaml_tree import Node


def read_differently(node: Node | None, f: Fields) -> tuple[Different, ...]:
    """What changes from before."""
    found: list[Different] = []
    for i, item in enumerate(f.items(node, "differently")):
        path = f"differently[{i}]"
        entries = f.mapping(item, path, ("says", "check", "where", "from", "to", "by"))
        if entries is None:
            continue
        says = f.text(entries.get("says"), f"{path}.says")
        if says is None:
            f.refuse(item.place, "SAY112", f"{path}.says: missing.", "Say it in one sentence.")
            continue
        found.append(
            Different(
                says=says,
                check=f.text(entries.get("check"), f"{path}.check"),
                where=f.text(entries.get("where"), f"{path}.where"),
                start=f.number(entries.get("from"), f"{path}.from"),
                target=f.number(entries.get("to"), f"{path}.to"),
                by=f.day(entries.get("by"), f"{path}.by"),
            )
        )
    return tuple(found)


def read_matters(node: Node | None, f: Fields) -> tuple[Objective, ...]:
    """What matters, and how much."""
    found: list[Objective] = []
    for i, item in enumerate(f.items(node, "matters")):
        path = f"matters[{i}]"
        entries = f.mapping(item, path, ("name", "weight", "measure", "range", "unit"))
        if entries is None:
            continue
        name = f.text(entries.get("name"), f"{path}.name")
        if name is None:
            f.refuse(item.place, "SAY112", f"{path}.name: missing.", "Name what matters.")
            continue
        found.append(
            Objective(
                name=name,
                weight=f.share(entries.get("weight"), f"{path}.weight"),
                measure=f.text(entries.get("measure"), f"{path}.measure"),
                range=f.span(entries.get("range"), f"{path}.range"),
                unit=f.text(entries.get("unit"), f"{path}.unit"),
            )
        )
    return tuple(found)


def read_mistakes(node: Node | None, f: Fields) -> tuple[Mistake, ...]:
    """When each option turns out wrong, and what that costs."""
    found: list[Mistake] = []
    for entry in f.pairs(node, "mistakes"):
        path = f"mistakes.{entry.key}"
        entries = f.mapping(entry.value, path, ("when", "costs"))
        if entries is None:
            continue
        when = f.text(entries.get("when"), f"{path}.when")
        if when is None:
            f.refuse(
                entry.value.place,
                "SAY112",
                f"{path}.when: missing.",
                "Say when this option turns out wrong.",
            )
            continue
        costs = f.money(entries.get("costs"), f"{path}.costs")
        found.append(Mistake(option=entry.key, when=when, costs=costs))
    return tuple(found)


def read_assumptions(node: Node | None, f: Fields) -> tuple[Assumption, ...]:
    """What is taken to be true, each with its test."""
    found: list[Assumption] = []
    known = ("id", "says", "check", "where", "holds", "owner", "since")
    for i, item in enumerate(f.items(node, "assumptions")):
        path = f"assumptions[{i}]"
        entries = f.mapping(item, path, known)
        if entries is None:
            continue
        says = f.text(entries.get("says"), f"{path}.says")
        if says is None:
            f.refuse(item.place, "SAY112", f"{path}.says: missing.", "Say it in one sentence.")
            continue
        found.append(
            Assumption(
                id=f.text(entries.get("id"), f"{path}.id") or f"a{i + 1}",
                says=says,
                check=f.text(entries.get("check"), f"{path}.check"),
                where=f.text(entries.get("where"), f"{path}.where"),
                holds=f.span(entries.get("holds"), f"{path}.holds"),
                owner=f.text(entries.get("owner"), f"{path}.owner"),
                since=f.day(entries.get("since"), f"{path}.since"),
            )
        )
    return tuple(found)

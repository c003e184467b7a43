"""YAML as a tree that remembers where each value stands.

Values stay text until a field says what they should be. So ``no`` is the answer "no" and not
false, and ``1_000`` is nobody's number.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from sayso.declare.problem import Place, Problem

LARGEST = 256 * 1024
DEEPEST = 20
MOST_ALIASES = 20


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as text; ``plain`` when it stands without quotes."""

    text: str
    place: Place
    plain: bool


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with its value."""

    key: str
    place: Place
    value: Node


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping, in the file's order."""

    entries: tuple[Entry, ...]
    place: Place

    def get(self, key: str) -> Node | None:
        """The value under a key."""
        return next((e.value for e in self.entries if e.key == key), None)


Node = Scalar | Items | Entries


@dataclass(frozen=True, slots=True)
class Tree:
    """What was read, and every problem of form met on the way."""

    root: Node | None
    problems: tuple[Problem, ...]


def read_tree(text: str, file: str) -> Tree:
    """Read one YAML document.

    Args:
        text: The file's text.
        file: Its name, for places.

    Returns:
        The tree; None where the text is no YAML, too large, too deep or empty.
    """
    start = Place(file, 1, 1)
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        return _nothing(
            start, "SAY101", f"the file is larger than {LARGEST // 1024} kB.", "Split it."
        )
    try:
        refused = _scan(text, file)
        if refused is not None:
            return Tree(None, (refused,))
        documents = list(yaml.compose_all(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        return Tree(None, (_broken(error, file),))
    if not documents:
        return _nothing(start, "SAY102", "the file is empty.", "Start with `decision: some-name`.")
    if len(documents) > 1:
        place = _place(documents[1], file)
        return _nothing(place, "SAY103", "a second document begins here.", "Keep one a file.")
    problems: list[Problem] = []
    return Tree(_node(documents[0], file, problems), tuple(problems))


def _nothing(place: Place, code: str, message: str, hint: str) -> Tree:
    return Tree(None, (Problem(place, code, message, hint),))


def _scan(text: str, file: str) -> Problem | None:
    """Refuse depth and aliases before anything is built from them."""
    depth = aliases = 0
    around: list[str | None] = []
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        mark = event.start_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
            around.append(event.anchor)
            if depth > DEEPEST:
                return Problem(place, "SAY104", f"nested deeper than {DEEPEST}.", "Flatten it.")
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1
            around.pop()
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
            if event.anchor in around:
                return Problem(
                    place, "SAY105", f"*{event.anchor} stands within itself.", "Write it out."
                )
            if aliases > MOST_ALIASES:
                return Problem(
                    place, "SAY105", f"more than {MOST_ALIASES} aliases.", "Write the values out."
                )
    return None


def _broken(error: yaml.YAMLError, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    place = Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file, 1, 1)
    said = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
    return Problem(
        place, "SAY106", f"this is not YAML: {said}.", "Check indentation, quotes and colons."
    )


def _place(node: yaml.Node, file: str) -> Place:
    return Place(file, node.start_mark.line + 1, node.start_mark.column + 1)


def _node(node: yaml.Node, file: str, problems: list[Problem]) -> Node:
    place = _place(node, file)
    if isinstance(node, yaml.ScalarNode):
        if node.style in ("'", '"'):
            # Places point at the first character of the text, not at its quote.
            return Scalar(str(node.value), Place(file, place.line, place.column + 1), plain=False)
        return Scalar(str(node.value), place, node.style in (None, ""))
    if isinstance(node, yaml.SequenceNode):
        return Items(tuple(_node(n, file, problems) for n in node.value), place)
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    for key, value in node.value:
        where = _place(key, file)
        if not isinstance(key, yaml.ScalarNode):
            problems.append(
                Problem(where, "SAY107", "a key must be a word.", "Write `name: value`.")
            )
            continue
        name = str(key.value)
        if name in seen:
            problems.append(
                Problem(
                    where,
                    "SAY108",
                    f"{name}: written twice, first on line {seen[name]}.",
                    "Keep one.",
                )
            )
            continue
        seen[name] = where.line
        entries.append(Entry(name, where, _node(value, file, problems)))
    return Entries(tuple(entries), place)

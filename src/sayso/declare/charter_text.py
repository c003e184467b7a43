"""Changing a charter's text key by key, so that every other line stays as a person wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

import yaml

from sayso.declare.charter_file import KEYS
from sayso.declare.yaml_tree import Entries, Scalar, read_tree
from sayso.declare.yaml_value import as_flow
from sayso.domain.errors import CharterInvalid, CharterTangled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BOM = "\ufeff"
_BEFORE_KEY = re.compile(r"(\?\s*)?([&!]\S*\s+)*")
_COMMENT = re.compile(r"#[^\r\n\x85\u2028\u2029]*")
_BREAKS = "\r\n\x85\u2028\u2029"
_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")


def with_fields(text: str, changes: Mapping[str, str | None]) -> str:
    r"""A charter's text with some of its keys written anew.

    Every other line stays as it is. In what is replaced, a comment that ends in a question mark
    is taken as answered; every other comment stays, beside its key or above it. A key that was
    missing comes where the reference lists it.

    Args:
        text: The file's text, one YAML mapping in block or flow style.
        changes: By top-level key: the new value as ``yaml_value.as_yaml`` gives it; None to leave
            the key out.

    Raises:
        CharterInvalid: If the text is no YAML mapping.
        CharterTangled: If an anchor reaches from a changed key into another, or the text cannot
            be changed without changing what the other keys say.

    Examples:
        >>> print(with_fields("decision: a\nowner:   # Who?\n", {"owner": "ann", "default": "x"}))
        decision: a
        default: x
        owner: ann
        <BLANKLINE>
    """
    if not changes:
        return text
    mark, body = (BOM, text[1:]) if text.startswith(BOM) else ("", text)
    before = _root(body)
    blocks = _blocks(body, before)
    _refuse_shared(body, blocks, changes)
    # One change at a time, the last key first: an alias goes before the anchor that it names.
    known = list(dict.fromkeys(b.key for b in reversed(blocks) if b.key in changes))
    missing = [k for k in changes if k not in known and changes[k] is not None]
    changed = body
    for key in (*known, *sorted(missing, key=_rank)):
        changed = _with_one(changed, key, changes[key])
    _prove(before, changed, changes)
    return mark + changed


def next_version(text: str, changes: Mapping[str, str | None]) -> str:
    r"""The text of the next version: the changes, and a version higher by one.

    Raises:
        CharterInvalid: If the text has no version to count from.
        CharterTangled: As ``with_fields``.

    Examples:
        >>> next_version("decision: a\nversion: 3   # third\n", {})
        'decision: a\nversion: 4   # third\n'
    """
    version = version_of(text)
    if version is None:
        raise CharterInvalid(
            "This charter's version is no whole number.", hint="Write `version: 1` in its file."
        )
    return with_fields(text, {**changes, "version": str(version + 1)})


def version_of(text: str) -> int | None:
    """The version a charter's text states; None where it states none that can be counted on."""
    root = read_tree(text, "charter").root
    node = root.get("version") if isinstance(root, Entries) else None
    said = node.text.strip() if isinstance(node, Scalar) else ""
    whole = said.isascii() and said.isdigit() and len(said) < 7
    return int(said) or None if whole else None


@dataclass(frozen=True, slots=True)
class _Block:
    """One top-level key with its value.

    Attributes:
        key: The key.
        start: Where it begins in the text.
        end: Where its last visible character ends, comments not counted.
        tail: Where its last token ends; a block of lines may end in empty ones that count.
        comments: (where, text) of the comments inside and on its last line.
    """

    key: str
    start: int
    end: int
    tail: int
    comments: tuple[tuple[int, str], ...]


def _rank(key: str) -> int:
    return KEYS.index(key) if key in KEYS else len(KEYS)


def _root(text: str) -> yaml.MappingNode:
    tree = read_tree(text, "charter")
    if not isinstance(tree.root, Entries):
        why = tree.problems[0].message if tree.problems else "it is not `key: value` lines."
        raise CharterInvalid(
            f"This charter cannot be changed key by key: {why}", hint="Run `sayso check` on it."
        )
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert isinstance(node, yaml.MappingNode)
    return node


def _blocks(text: str, root: yaml.MappingNode) -> list[_Block]:
    tokens = [t for t in yaml.scan(text, Loader=yaml.CSafeLoader) if _solid(t)]
    marks = [t.start_mark.index for t in tokens if isinstance(t, yaml.KeyToken)]
    starts: list[int] = []
    for key, _ in root.value:
        # A key may have a "?", an anchor or a tag before it, and its token before all of them.
        start = key.start_mark.index
        mark = max((m for m in marks if m <= start), default=start)
        starts.append(mark if _BEFORE_KEY.fullmatch(text, mark, start) else start)
    last = root.end_mark.index - 1 if root.flow_style else len(text)
    blocks: list[_Block] = []
    ends = [*starts[1:], last] if starts else []
    for (key, _), start, until in zip(root.value, starts, ends, strict=True):
        own = [t for t in tokens if start <= t.start_mark.index < until and _shown(t)]
        if root.flow_style and isinstance(own[-1], yaml.FlowEntryToken):
            own.pop()
        tail = own[-1].end_mark.index
        end = start + len(text[start:tail].rstrip(" \t" + _BREAKS))
        line = end if root.flow_style else _line_end(text, end)
        found = (*_between(text, own), *_comments(text, end, line))
        blocks.append(_Block(_name(key), start, end, tail, found))
    return blocks


def _solid(token: yaml.Token) -> bool:
    """Whether a token belongs to the mapping; ends of blocks are put where the next begins."""
    around = yaml.StreamStartToken | yaml.StreamEndToken | yaml.DocumentStartToken
    ends = yaml.DocumentEndToken | yaml.DirectiveToken | yaml.BlockEndToken
    return not isinstance(token, around | ends)


def _shown(token: yaml.Token) -> bool:
    return token.end_mark.index > token.start_mark.index


def _between(text: str, tokens: Sequence[yaml.Token]) -> list[tuple[int, str]]:
    """The comments between a block's tokens."""
    return [
        comment
        for one, other in pairwise(tokens)
        for comment in _comments(text, one.end_mark.index, other.start_mark.index)
    ]


def _comments(text: str, start: int, end: int) -> list[tuple[int, str]]:
    return [(m.start(), m[0].rstrip()) for m in _COMMENT.finditer(text, start, max(start, end))]


def _line_end(text: str, start: int) -> int:
    found = _BREAK.search(text, start)
    return found.start() if found else len(text)


def _next_line(text: str, start: int) -> int:
    found = _BREAK.search(text, start)
    return found.end() if found else len(text)


def _refuse_shared(text: str, blocks: Sequence[_Block], changes: Mapping[str, str | None]) -> None:
    """Refuse where an alias outside the changed keys names an anchor inside them."""
    anchors: dict[str, str] = {}
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        if not isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            continue
        at, name = token.start_mark.index, str(token.value)
        inside = next((b.key for b in blocks if b.start <= at < b.tail), "")
        if isinstance(token, yaml.AnchorToken):
            anchors[name] = inside
        elif inside not in changes and anchors.get(name) in changes:
            raise CharterTangled(
                f"{anchors[name]} cannot be changed alone: the anchor &{name} in it is used on "
                f"line {token.start_mark.line + 1} too.",
                hint=f"Write the value out in place of *{name}, then change it again.",
            )


def _with_one(text: str, key: str, value: str | None) -> str:
    """The text with one key replaced, removed or put in; spelled twice, the first one stays."""
    root = _root_or_tangled(text)
    blocks = _blocks(text, root)
    own = [i for i, b in enumerate(blocks) if b.key == key]
    for i in reversed(own[1:] if value is not None else own):
        start, end = _with_neighbour(text, root, blocks, i)
        text = text[:start] + text[end:]
    if value is None:
        return text
    if root.flow_style:
        pair = f"{as_flow(key)}: {_one_line(value)}"
        if own:
            block = blocks[own[0]]
            return text[: block.start] + pair + text[block.end :]
        nearest = _nearest(blocks, key)
        at = nearest.end if nearest is not None else root.start_mark.index + 1
        pair = f", {pair}" if nearest is not None else f"{pair}, " if blocks else pair
        return text[:at] + pair + text[at:]
    newline = "\r\n" if "\r\n" in text else "\n"
    space = " " * root.start_mark.column
    if own:
        block = blocks[own[0]]
        lines = _rewritten(text, block, value, newline)
        start, end = block.start, _line_end(text, block.end)
        return text[:start] + lines.replace(newline, newline + space) + text[end:]
    lines = space + _pair(key, value, newline).replace(newline, newline + space) + newline
    nearest = _nearest(blocks, key)
    if nearest is None:
        at = blocks[0].start - len(space)
    else:
        whole = _BREAK.fullmatch(text, nearest.tail - 1, nearest.tail) is not None
        at = nearest.tail if whole else _next_line(text, nearest.end)
    if at > 0 and text[at - 1] not in _BREAKS:
        lines = newline + lines
    return text[:at] + lines + text[at:]


def _with_neighbour(
    text: str, root: yaml.MappingNode, blocks: Sequence[_Block], i: int
) -> tuple[int, int]:
    """What goes with a key that goes: its lines, or the comma beside it."""
    block = blocks[i]
    if not root.flow_style:
        return block.start - root.start_mark.column, _next_line(text, block.end)
    if i + 1 < len(blocks):
        return block.start, blocks[i + 1].start
    return (blocks[i - 1].end if i else block.start), root.end_mark.index - 1


def _nearest(blocks: Sequence[_Block], key: str) -> _Block | None:
    """The key behind which a missing one goes: the last of those the reference lists before it."""
    before = [b for b in blocks if _rank(b.key) < _rank(key)]
    return max(before, key=lambda b: _rank(b.key), default=None)


def _rewritten(text: str, block: _Block, value: str, newline: str) -> str:
    """One key's new lines, with the comments that are not answered by it."""
    kept = [(at, c) for at, c in block.comments if not c.endswith("?")]
    first = _line_end(text, block.start)
    above = [c for at, c in kept if at >= first]
    lines = _pair(block.key, value, newline)
    for at, comment in [(at, c) for at, c in kept if at < first][:1]:
        before = text[block.start : at]
        gap = before[len(before.rstrip(" \t")) :]
        head, mark, rest = lines.partition(newline)
        lines = f"{head}{gap}{comment}{mark}{rest}"
    return newline.join((*above, lines))


def _pair(key: str, value: str, newline: str) -> str:
    name = as_flow(key)
    joined = f"{name}:{value}" if value.startswith("\n") else f"{name}: {value}"
    return joined.replace("\n", newline)


def _one_line(value: str) -> str:
    """A value on one line, as a flow mapping needs it."""
    node = yaml.compose(_pair("key", value, "\n"), Loader=yaml.CSafeLoader)
    assert isinstance(node, yaml.MappingNode)
    return _flow_of(node.value[0][1])


def _flow_of(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return f"{{{', '.join(f'{_flow_of(k)}: {_flow_of(v)}' for k, v in node.value)}}}"
    if isinstance(node, yaml.SequenceNode):
        return f"[{', '.join(_flow_of(v) for v in node.value)}]"
    text = str(node.value)
    if node.tag == "tag:yaml.org,2002:str":
        return as_flow(text)
    return text or "null"


def _prove(before: yaml.MappingNode, text: str, changes: Mapping[str, str | None]) -> None:
    """The last word: the new text says what was asked for, and all else as it did.

    Raises:
        CharterTangled: If it does not.
    """
    untouched = [pair for pair in _pairs(before) if pair[0] not in changes]
    after = _pairs(_root_or_tangled(text))
    asked = {
        key: _pairs(_root_or_tangled(_pair(key, value, "\n")))[0][1]
        for key, value in changes.items()
        if value is not None
    }
    others = [pair for pair in after if pair[0] not in changes]
    same = dict(pair for pair in after if pair[0] in changes) == asked
    if not same or others != untouched or len(after) != len(others) + len(asked):
        names = ", ".join(changes)
        raise CharterTangled(
            f"{names} cannot be changed without changing what other lines of the charter say.",
            hint="Change its file by hand, then go on here.",
        )


def _root_or_tangled(text: str) -> yaml.MappingNode:
    try:
        return _root(text)
    except CharterInvalid as error:
        raise CharterTangled(
            f"The charter would no longer read: {error.message}", hint="Change its file by hand."
        ) from error


def _pairs(root: yaml.MappingNode) -> list[tuple[str, bytes]]:
    """Each key with a digest of what stands under it, wherever and however it is laid out."""
    known: dict[int, bytes] = {}
    return [(_name(key), _digest(value, known)) for key, value in root.value]


def _name(key: yaml.Node) -> str:
    return str(key.value)


def _digest(node: yaml.Node, known: dict[int, bytes]) -> bytes:
    """What a node says; known ones are not walked again, or aliases of aliases take for ever."""
    if id(node) not in known:
        parts = [type(node).__name__.encode(), str(node.tag).encode()]
        if isinstance(node, yaml.ScalarNode):
            parts.append(str(node.value).encode("utf-8", "surrogatepass"))
        elif isinstance(node, yaml.SequenceNode):
            parts += [_digest(inner, known) for inner in node.value]
        else:
            parts += [_digest(inner, known) for pair in node.value for inner in pair]
        sizes = b",".join(b"%d" % len(part) for part in parts)
        known[id(node)] = sha256(sizes + b":" + b"".join(parts)).digest()
    return known[id(node)]

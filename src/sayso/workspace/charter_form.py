"""A charter as a form: opened, looked at, compared with the file, saved as the next version."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sayso.declare.charter_file import read_charter
from sayso.declare.charter_text import version_of, with_fields
from sayso.declare.diff import diff
from sayso.declare.lint import lint
from sayso.declare.problem import Severity
from sayso.declare.typed_charter import (
    SHAPES,
    changed_keys,
    cleaned,
    counted_anew,
    field_of,
    marks,
    typed_of,
    unwritable,
    with_keys,
    written,
)
from sayso.declare.versions import asks_for_version
from sayso.declare.yaml_tree import Entries, Scalar, read_tree
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import InvalidReference
from sayso.workspace.charter_versions import charter_file, mark_of, save_charter
from sayso.workspace.charters import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from sayso.declare.charter import Charter
    from sayso.declare.problem import Problem

CHARTERS = "charters"
FORM = "SAY1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came from a form.

    Attributes:
        typed: The text of every field, by its name.
        seen: The mark of the file that the form was made from.
        was: A mark of what each key said then; what differs now was changed in the form.
    """

    typed: Mapping[str, str]
    seen: str
    was: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """Something to say beside a field.

    Attributes:
        field: The field's name; a key where a whole list is meant, "" where no field is.
        code: The problem's code; "" for what a file could not hold.
        says: What is wrong or unclear.
        hint: What to do next.
        stops: Whether the charter cannot be saved like that.
    """

    field: str
    code: str
    says: str
    hint: str
    stops: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterForm:
    """A charter in fields.

    Attributes:
        slug: The decision.
        file: Its file, as people know it.
        version: The version in the file; None where it states none.
        typed: The text of every field.
        seen: The mark of the file.
        was: A mark of what each key says in the file.
        findings: What is wrong or unclear, in the file's order.
        left: Top-level keys that no charter has; they stay in the file.
        charter: What the fields say; None where an error of form leaves it open.
        text: The file's text, where it is no YAML and has no fields; else "".
    """

    slug: str
    file: str
    version: int | None
    typed: Mapping[str, str]
    seen: str
    was: Mapping[str, str]
    findings: tuple[FieldFinding, ...] = ()
    charter: Charter | None = None
    text: str = ""

    @property
    def stops(self) -> tuple[FieldFinding, ...]:
        """What keeps the charter from being saved."""
        return tuple(f for f in self.findings if f.stops)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What saving would change.

    Attributes:
        form: The form.
        sentences: What changes for those who decide; empty where nothing does.
        rewritten: The keys whose lines are written anew.
        version: The version that saving makes, or leaves.
        raised: Whether that is a new one.
        readable: Whether the file could be read before, so that both could be compared.
    """

    form: CharterForm
    sentences: tuple[str, ...]
    rewritten: tuple[str, ...]
    version: int
    raised: bool
    readable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """The file was changed while the form was open.

    Attributes:
        form: The form to go on with: the file as it is now, with what was typed laid over it.
        theirs: The file as it is now, in fields.
        mine: The keys that were changed in this form.
        meanwhile: The keys that changed in the file.
    """

    form: CharterForm
    theirs: Mapping[str, str]
    mine: tuple[str, ...]
    meanwhile: tuple[str, ...]

    @property
    def both(self) -> tuple[str, ...]:
        """The keys that both changed, and not to the same."""
        differ = changed_keys(self.theirs, self.form.typed)
        return tuple(key for key in self.mine if key in self.meanwhile and key in differ)


@dataclass(frozen=True, slots=True)
class Done:
    """The charter says what was typed.

    Attributes:
        version: The version in force.
        written: Whether the file was changed by this.
        raised: Whether the version is a new one.
    """

    version: int
    written: bool
    raised: bool


@dataclass(frozen=True, slots=True)
class _File:
    """A charter's file, read once."""

    slug: str
    path: Path
    text: str
    today: date = field(repr=False)

    @property
    def known(self) -> Charter | None:
        return read_charter(self.text, str(self.path)).charter


def open_form(folder: Path, slug: str, today: date) -> CharterForm:
    """A charter's form, as the file says it.

    Args:
        folder: The workspace.
        slug: The decision.
        today: The day.

    Raises:
        CharterNotFound: If there is no such decision.
        CharterInvalid: If the file cannot be read as text.
    """
    file = _file(folder, slug, today)
    return _form(file, typed_of(file.text))


def look_at(folder: Path, slug: str, sent: Sent, today: date) -> CharterForm:
    """The form with what was typed, and what is wrong or unclear about it.

    Raises:
        CharterNotFound: If there is no such decision.
        CharterInvalid: If the file cannot be read as text.
    """
    return _looked_at(_file(folder, slug, today), sent)


def review(folder: Path, slug: str, sent: Sent, today: date) -> CharterForm | Review | Clash | Done:
    """What saving would do: nothing, a change, or a clash; or the form, where something is wrong.

    Raises:
        CharterNotFound: If there is no such decision.
        CharterInvalid: If the file cannot be read as text.
        CharterTangled: If the file cannot be changed key by key.
    """
    file = _file(folder, slug, today)
    if mark_of(file.text) != sent.seen:
        return _clash(file, sent)
    form = _looked_at(file, sent)
    if form.stops or form.charter is None:
        return form
    keys = _to_write(file, sent)
    old, new = file.known, form.charter
    if not keys and old is not None:
        return Done(old.version, written=False, raised=False)
    raised = old is None or asks_for_version(old, new)
    return Review(
        form=form,
        sentences=diff(old, new) if old is not None else (),
        rewritten=keys,
        version=(version_of(file.text) or 0) + raised,
        raised=raised,
        readable=old is not None,
    )


def save(folder: Path, slug: str, sent: Sent, today: date) -> CharterForm | Clash | Done:
    """Write what was typed into the charter's file, as the next version where it is one.

    Raises:
        CharterNotFound: If there is no such decision.
        CharterChanged: If the file is changed in this very moment.
        CharterInvalid: If the version before cannot be kept.
        CharterTangled: If the file cannot be changed key by key.
        FileNotWritable: If the folder does not take the file.
    """
    found = review(folder, slug, sent, today)
    if not isinstance(found, Review):
        return found
    file = _file(folder, slug, today)
    saved = save_charter(file.path, _text_of(file, sent), seen=sent.seen)
    return Done(saved.ref.version, written=saved.written, raised=saved.kept is not None)


def save_text(folder: Path, slug: str, text: str, seen: str, today: date) -> CharterForm | Done:
    """Write the text of a file that had no fields; the form with its problems where it still has none.

    Raises:
        CharterNotFound: If there is no such decision.
        CharterChanged: If the file is no longer the one that was seen.
        FileNotWritable: If the folder does not take the file.
    """
    file = _file(folder, slug, today)
    plain = text.replace("\r\n", "\n")
    plain = plain if plain.endswith("\n") or not plain else f"{plain}\n"
    reading = read_charter(plain, str(file.path))
    if reading.charter is None:
        mended = _File(slug, file.path, plain, today)
        form = _form(mended, {})
        return CharterForm(
            slug=slug, file=form.file, version=None, typed={}, seen=seen, was={},
            findings=tuple(_finding(p, {}) for p in reading.problems), text=plain,
        )  # fmt: skip
    saved = save_charter(file.path, plain, seen=seen)
    return Done(saved.ref.version, written=saved.written, raised=saved.kept is not None)


def _file(folder: Path, slug: str, today: date) -> _File:
    path = charter_file(folder / CHARTERS, slug)
    return _File(slug, path, text_of(path), today)


def _form(file: _File, typed: Mapping[str, str]) -> CharterForm:
    """The form of a file as it stands."""
    charter, problems = _problems(file, file.text)
    return CharterForm(
        slug=file.slug,
        file=f"{CHARTERS}/{file.path.name}",
        version=version_of(file.text),
        typed=typed,
        seen=mark_of(file.text),
        was=marks(typed),
        findings=tuple(_finding(problem, typed) for problem in problems),
        charter=charter,
        text="" if _has_fields(file) else file.text,
    )


def _looked_at(file: _File, sent: Sent) -> CharterForm:
    """The form of a file with what was typed in it."""
    form = _form(file, typed_of(file.text))
    if form.text:
        return form
    charter, problems = _problems(file, _text_of(file, sent))
    cannot = unwritable(sent.typed)
    findings = (
        *(FieldFinding(name, "", says, "", stops=True) for name, says in cannot.items()),
        *(_finding(problem, sent.typed) for problem in problems),
    )
    return CharterForm(
        slug=form.slug,
        file=form.file,
        version=form.version,
        typed=sent.typed,
        seen=sent.seen,
        was=sent.was,
        findings=findings,
        charter=None if cannot else charter,
    )


def _problems(file: _File, text: str) -> tuple[Charter | None, tuple[Problem, ...]]:
    reading = read_charter(text, str(file.path))
    if reading.charter is None:
        return None, reading.problems
    unclear = lint(reading.charter, reading.places, today=file.today)
    # A file's name is no matter of the form.
    form = (p for p in reading.problems if p.code != "SAY114")
    return reading.charter, tuple(sorted((*form, *unclear)))


def _finding(problem: Problem, typed: Mapping[str, str]) -> FieldFinding:
    path, colon, rest = problem.message.partition(": ")
    name = field_of(path, typed, problem.code) if colon else None
    form = problem.code.startswith(FORM) and problem.severity is Severity.ERROR
    says = problem.message if name is None else rest
    return FieldFinding(name or "", problem.code, says, problem.hint, stops=form)


def _to_write(file: _File, sent: Sent) -> tuple[str, ...]:
    """The keys that the form changed, and those that the file has twice."""
    twice = {p.message.partition(":")[0] for p in _twice(file)}
    now = marks(sent.typed)
    return tuple(key for key in SHAPES if now[key] != sent.was.get(key) or key in twice)


def _twice(file: _File) -> list[Problem]:
    return [p for p in read_tree(file.text, str(file.path)).problems if p.code == "SAY108"]


def _text_of(file: _File, sent: Sent) -> str:
    """The file's text with what was typed; a name and a version where it has none that can be read."""
    changes = {**_named(file), **written(sent.typed, _to_write(file, sent))}
    if isinstance(read_tree(file.text, str(file.path)).root, Entries):
        return with_fields(file.text, changes)
    said = f"{file.text.rstrip()}\n" if file.text.strip() else ""
    return with_fields(f"{said}decision: {file.slug}\nversion: 1\n", changes)


def _has_fields(file: _File) -> bool:
    """Whether a form can show the file: it has keys, or nothing at all yet."""
    tree = read_tree(file.text, str(file.path))
    nothing = tree.root is None and all(p.code == "SAY102" for p in tree.problems)
    return isinstance(tree.root, Entries) or nothing


def _named(file: _File) -> dict[str, str | None]:
    root = read_tree(file.text, str(file.path)).root
    node = root.get("decision") if isinstance(root, Entries) else None
    version = version_of(file.text)
    changes: dict[str, str | None] = {} if version is not None else {"version": "1"}
    try:
        CharterRef(node.text if isinstance(node, Scalar) else "", 1)
    except InvalidReference:
        changes["decision"] = file.slug
    return changes


def _clash(file: _File, sent: Sent) -> Clash | Done:
    """What was typed against a file that changed: done already, or both to be seen."""
    theirs = typed_of(file.text)
    mine_now, was = marks(sent.typed), sent.was
    mine = tuple(key for key in SHAPES if mine_now[key] != was.get(key))
    now = marks(theirs)
    if file.known is not None and all(mine_now[key] == now[key] for key in mine):
        # Saved before, from this very form: Save pressed twice, or again after Back.
        return Done(version_of(file.text) or 1, written=False, raised=False)
    meanwhile = tuple(key for key in SHAPES if now[key] != was.get(key))
    merged = with_keys(theirs, counted_anew(cleaned(sent.typed)), mine)
    fresh = Sent(typed=merged, seen=mark_of(file.text), was=now)
    return Clash(form=_looked_at(file, fresh), theirs=theirs, mine=mine, meanwhile=meanwhile)

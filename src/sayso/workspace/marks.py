"""Marks of deciders: handing out forms, taking them in, and what may be shown of them."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sayso.declare.marks import (
    CODE_LETTERS,
    Fate,
    Mark,
    Marks,
    Suggestion,
    SuggestionKind,
    deciders_known,
    is_group_ready,
    read_marks,
    suggestion_id,
    told_marks,
)
from sayso.declare.marks_file import form_text, raw_marks, read_suggestions, suggestions_text
from sayso.declare.people import read_people
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import (
    CharterNotFound,
    FileNotWritable,
    MarksRefused,
    ProposalNotFound,
    WorkspaceUnreadable,
)
from sayso.workspace.files import write_whole
from sayso.workspace.private_file import write_private
from sayso.workspace.proposals import read_text
from sayso.workspace.together import changing
from sayso.workspace.versions import kept_versions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sayso.declare.charter import Charter
    from sayso.declare.marks import AssumptionMarks, RawMarks
    from sayso.workspace.versions import KeptVersion

MARKS, WAITING, SHOWN, ABOUT = "marks", "waiting", "shown", "about.json"
SUGGESTIONS, PEOPLE = "suggestions.yaml", "people.yaml"
FORMAT = 1
_PSEUDONYM = re.compile(r"[0-9a-f]{32}", re.ASCII)
IGNORED = """\
# Whoever commits forms as they arrive shows in which order, and so perhaps whose they are.
waiting/
shown/
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksView:
    """What may be shown of the marks of one version.

    Attributes:
        charter: The version.
        fingerprint: What it said when it was first marked; "" where nobody marked it.
        marked: Forms taken in.
        waiting: Those of them that wait until two more come, so that none can be told apart.
        told: What deciders say of each assumption; empty while nothing may be shown.
        suggestions: What deciders miss in any version of this decision, with what became of it.
    """

    charter: CharterRef
    fingerprint: str
    marked: int
    waiting: int
    told: tuple[AssumptionMarks, ...]
    suggestions: tuple[Suggestion, ...]


def marks_form(charter: Charter, *, code: str | None = None) -> str:
    """A form to mark a charter's assumptions, as YAML.

    Args:
        charter: The version.
        code: 26 letters, another for each form; fresh random ones where None.
    """
    fresh = "".join(secrets.choice(CODE_LETTERS) for _ in range(26))
    return form_text(charter, code or fresh)


def write_forms(folder: Path, text: str, *, n: int, out: Path) -> tuple[Path, ...]:
    """Write forms to hand out, each with its own code; nothing is written over.

    Args:
        folder: The workspace.
        text: The charter: ``slug`` or ``slug@version``.
        n: How many.
        out: Where they go.

    Raises:
        CharterNotFound: If there is no such charter.
        MarksRefused: If nobody would get one.
        FileNotWritable: If the folder does not take them.
    """
    if not 1 <= n <= 100:
        raise MarksRefused(f"{n} forms cannot be written.", hint="Write 1 to 100: -n 3.")
    charter = version_of(folder, text).charter
    files: list[Path] = []
    number = 1
    while len(files) < n:
        file = out / f"marks-{charter.ref}-{number}.yaml"
        if not file.exists():
            write_whole(file, marks_form(charter))
            files.append(file)
        number += 1
    return tuple(files)


def version_of(folder: Path, text: str) -> KeptVersion:
    """The charter version that a text names: ``slug@version``, or the latest of ``slug``.

    Raises:
        CharterNotFound: If there is none.
    """
    versions = kept_versions(folder)
    if "@" not in text:
        return versions.latest(text)
    ref = CharterRef.parse(text)
    found = next((v for v in versions.now if v.ref == ref), None)
    if found is None:
        raise CharterNotFound(text, [str(v.ref) for v in versions.now])
    return found


def read_forms(
    folder: Path, text: str, files: Sequence[Path], *, today: date, deciders: int | None = None
) -> MarksView:
    """Take in filled-in forms; all of them, or none where one is wrong.

    Args:
        folder: The workspace.
        text: The charter: ``slug`` or ``slug@version``.
        files: The forms.
        today: The day.
        deciders: How many people decide, where people.yaml does not say it.

    Raises:
        CharterNotFound: If there is no such charter.
        MarksRefused: If a form cannot be taken; every reason is said.
    """
    version = version_of(folder, text)
    shown = _names(folder / MARKS / str(version.ref) / SHOWN)
    wrong: list[str] = []
    taken: dict[str, RawMarks] = {}
    for file in files:
        said = _text_of_form(file)
        ref, raw, problems = raw_marks(said, str(file))
        wrong += [str(p) for p in problems]
        if not problems and ref != version.ref:
            wrong.append(f"{file} is about {ref}, not {version.ref}.")
        elif not problems:
            reading = read_marks(version.charter, raw)
            wrong += [f"{file}: {p}" for p in reading.problems]
            name = reading.marks.pseudonym if reading.marks is not None else ""
            if name in taken:
                wrong.append(f"{file} has the code of another form; each person needs their own.")
            if f"{name}.json" in shown:
                wrong.append(f"{file} was taken in before, and others have seen what all say.")
            if name:
                taken[name] = raw
    if wrong or not files:
        raise MarksRefused(
            "\n  ".join(wrong) or "No form was named.", hint="Nothing was taken in; mend the form."
        )
    for raw in taken.values():
        add_marks(folder, version.ref, raw, today=today, deciders=deciders)
    return marks_of(folder, version.ref)


def _text_of_form(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise MarksRefused(f"Cannot read {file}: {why}.", hint="Name a filled-in form.") from error


def add_marks(
    folder: Path, ref: CharterRef, raw: RawMarks, *, today: date, deciders: int | None = None
) -> MarksView:
    """Take in one filled-in form. The same form again takes the place of the one before.

    Forms are opened three at a time, or when all have come; until then they wait, unseen. What a
    decider misses waits for the first three, and is opened at once from then on.

    Args:
        folder: The workspace.
        ref: The version that was marked.
        raw: What was typed.
        today: The day.
        deciders: How many people decide, where people.yaml does not say it.

    Raises:
        CharterNotFound: If charters/ does not hold that version.
        MarksRefused: If it cannot be taken; the message says every reason.
    """
    version = version_of(folder, str(ref))
    reading = read_marks(version.charter, raw)
    if reading.marks is None:
        raise MarksRefused(" ".join(reading.problems), hint="Mend the form; nothing was taken in.")
    with changing(folder):
        place = _place(folder, version, today)
        about = _about(place)
        if about["fingerprint"] != version.stands:
            raise MarksRefused(
                f"{ref} changed since it was first marked.",
                hint=f"Raise its version to {ref.version + 1}; marks are of one text.",
            )
        day = date.fromisoformat(about["opened"])
        name = f"{reading.marks.pseudonym}.json"
        if (place / SHOWN / name).exists():
            raise MarksRefused(
                "This form was taken in before, and others have seen what all say.",
                hint="Say it in the next version's form.",
            )
        first = not _names(place / SHOWN)
        held = reading.marks if first else replace(reading.marks, suggests=())
        write_private(place / WAITING / name, _marks_text(held), day=day)
        if not first:
            _suggest(place, ref, reading.marks.suggests, today)
        waiting, shown = _names(place / WAITING), _names(place / SHOWN)
        if is_group_ready(len(waiting), len(shown), _deciders(folder, version, today, deciders)):
            _open(place, ref, waiting, today, day)
    return marks_of(folder, ref)


def _deciders(folder: Path, version: KeptVersion, today: date, said: int | None) -> int | None:
    people = read_text(folder / PEOPLE)
    holders = read_people(people, PEOPLE).holders if people.strip() else ()
    known = [n for n in (deciders_known(version.charter, holders, on=today), said) if n is not None]
    return max(known) if known else None


def _open(place: Path, ref: CharterRef, waiting: Sequence[str], today: date, day: date) -> None:
    """Open what waits, in an order that says nothing."""
    suggests = [s for name in waiting for s in _marks(place / WAITING / name).suggests]
    _suggest(place, ref, suggests, today)
    for name in waiting:
        bare = replace(_marks(place / WAITING / name), suggests=())
        write_private(place / SHOWN / name, _marks_text(bare), day=day)
        (place / WAITING / name).unlink()


def _suggest(
    place: Path, ref: CharterRef, said: Sequence[tuple[SuggestionKind, str]], today: date
) -> None:
    """Keep suggestions, each once, in an order that says nothing of who made them."""
    known = list(_suggestions(place))
    there = {(s.kind, s.says.casefold()) for s in known}
    for kind, says in sorted(said):
        if (kind, says.casefold()) not in there:
            there.add((kind, says.casefold()))
            name = f"{ref}.{len(known) + 1}"
            known.append(Suggestion(id=name, charter=ref, kind=kind, says=says, on=today))
    if known:
        write_whole(place / SUGGESTIONS, suggestions_text(known))


def marks_of(folder: Path, ref: CharterRef) -> MarksView:
    """What may be shown of the marks of one version, and what became of every suggestion.

    Args:
        folder: The workspace.
        ref: The version.

    Raises:
        WorkspaceUnreadable: If a file is damaged.
    """
    place = folder / MARKS / str(ref)
    shown, waiting = _names(place / SHOWN), _names(place / WAITING)
    told: tuple[AssumptionMarks, ...] = ()
    if shown:
        try:
            charter = kept_versions(folder).of(ref).charter
        except CharterNotFound:
            charter = None
        if charter is not None:
            told = told_marks(charter, [_marks(place / SHOWN / name) for name in shown])
    mine = [s for s in list_suggestions(folder)[0] if s.charter.slug == ref.slug]
    return MarksView(
        charter=ref,
        fingerprint=_about(place)["fingerprint"] if (place / ABOUT).exists() else "",
        marked=len(shown) + len(waiting),
        waiting=len(waiting),
        told=told,
        suggestions=tuple(mine),
    )


def list_suggestions(folder: Path) -> tuple[tuple[Suggestion, ...], tuple[str, ...]]:
    """Every suggestion of a workspace, and what cannot be read, with why."""
    found: list[Suggestion] = []
    unread: list[str] = []
    inside = folder / MARKS
    for place in sorted(inside.iterdir()) if inside.is_dir() else []:
        try:
            found += _suggestions(place)
        except WorkspaceUnreadable as error:
            unread.append(error.message)
    return tuple(sorted(found, key=lambda s: suggestion_id(s.id) or (s.charter, 0))), tuple(unread)


def answer_suggestion(
    folder: Path,
    name: str,
    *,
    today: date,
    adopt: int | None = None,
    decline: str = "",
    how: str = "",
) -> Suggestion:
    """Say what became of a suggestion: taken up in a version, or declined for a reason.

    Args:
        folder: The workspace.
        name: Its id, such as ``first-visit-part@3.1``.
        today: The day.
        adopt: The version that takes it up; None to decline.
        decline: Why it is declined; "" to take it up.
        how: How it was taken up.

    Raises:
        ProposalNotFound: If there is no such suggestion.
        MarksRefused: If it was answered, both or neither are said, or the version does not
            take anything up.
    """
    refused, taken = (
        " ".join("".join(c if c.isprintable() else " " for c in text).split())
        for text in (decline, how)
    )
    if (adopt is None) == (not refused):
        raise MarksRefused(
            "A suggestion is taken up in a version, or declined for a reason; one of them.",
            hint="Write --adopt VERSION, or --decline WHY.",
        )
    reason = refused or taken
    with changing(folder):
        everything, _ = list_suggestions(folder)
        parts = suggestion_id(name)
        mine = [s for s in everything if s.id == name]
        if parts is None or not mine:
            raise ProposalNotFound(name, [s.id for s in everything])
        one = mine[0]
        if one.fate is not None:
            became = f"taken up in {one.fate.adopted}" if one.fate.adopted else "declined"
            raise MarksRefused(
                f"{name} was {became} on {one.fate.on}.", hint="What was told stays told."
            )
        adopted = None if adopt is None else _adopting(folder, one, adopt)
        after = replace(one, fate=Fate(on=today, adopted=adopted, because=reason))
        place = folder / MARKS / str(one.charter)
        rest = [after if s.id == name else s for s in _suggestions(place)]
        write_whole(place / SUGGESTIONS, suggestions_text(rest))
    return after


def _adopting(folder: Path, one: Suggestion, version: int) -> CharterRef:
    """The version that takes a suggestion up; it is later, and written already."""
    slug = one.charter.slug
    if version <= one.charter.version:
        raise MarksRefused(
            f"{one.id} was made about version {one.charter.version}; {version} is no later one.",
            hint=f"Write {slug}@{one.charter.version + 1} with what was suggested first.",
        )
    versions = kept_versions(folder)
    if all(v.ref != CharterRef(slug, version) for v in (*versions.now, *versions.before)):
        raise MarksRefused(
            f"{slug} has no version {version}.",
            hint="Write it first; then say that it is taken up.",
        )
    return CharterRef(slug, version)


def _place(folder: Path, version: KeptVersion, today: date) -> Path:
    place = folder / MARKS / str(version.ref)
    try:
        for inside in (place / WAITING, place / SHOWN):
            inside.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FileNotWritable(
            f"Cannot write {place}: {error.strerror}.", hint="Check that the folder may be written."
        ) from error
    for name in set(_names(place / WAITING)) & set(_names(place / SHOWN)):
        # A crash while forms were opened; this one is opened already.
        (place / WAITING / name).unlink()
    if not (place / ABOUT).exists():
        write_whole(place / ".gitignore", IGNORED)
        about = {"format": FORMAT, "fingerprint": version.stands, "opened": str(today)}
        write_private(place / ABOUT, json.dumps(about, indent=2) + "\n", day=today)
    return place


def _about(place: Path) -> dict[str, str]:
    plain = _json(place / ABOUT)
    try:
        date.fromisoformat(plain["opened"])
        return {"fingerprint": str(plain["fingerprint"]), "opened": str(plain["opened"])}
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(place / ABOUT, error) from error


def _names(inside: Path) -> tuple[str, ...]:
    found = [f.name for f in inside.glob("*.json")] if inside.is_dir() else []
    return tuple(sorted(n for n in found if _PSEUDONYM.fullmatch(n.removesuffix(".json"))))


def _marks_text(marks: Marks) -> str:
    plain = {
        "format": FORMAT,
        "marks": [[name, str(mark)] for name, mark in marks.marks],
        "suggests": [[str(kind), says] for kind, says in marks.suggests],
    }
    return json.dumps(plain, ensure_ascii=True, indent=2) + "\n"


def _marks(file: Path) -> Marks:
    plain = _json(file)
    try:
        return Marks(
            pseudonym=file.stem,
            marks=tuple((str(n), Mark(m)) for n, m in plain["marks"]),
            suggests=tuple((SuggestionKind(k), str(s)) for k, s in plain["suggests"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(file, error) from error


def _suggestions(place: Path) -> tuple[Suggestion, ...]:
    text = read_text(place / SUGGESTIONS)
    if not text.strip():
        return ()
    found, problems = read_suggestions(text, str(place / SUGGESTIONS))
    if problems:
        raise WorkspaceUnreadable(str(problems[0]), hint="Mend it by hand.")
    return found


def _json(file: Path) -> Any:  # JSON read from a file, looked at key by key
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(file, error) from error


def _damaged(file: Path, error: Exception) -> WorkspaceUnreadable:
    return WorkspaceUnreadable(
        f"{file} cannot be read: {getattr(error, 'strerror', None) or error}.",
        hint="Bring it back from a copy.",
    )

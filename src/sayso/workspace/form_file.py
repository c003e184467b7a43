"""A filled-in form as a text file: lines of ``name: answer``, each with its place."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LARGEST = 256 * 1024
REMARK = "#"


@dataclass(frozen=True, slots=True, order=True)
class FileProblem:
    """What is wrong in a file, where, and what to do; line 0 speaks of the file as a whole."""

    file: str
    line: int
    says: str
    hint: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.says} {self.hint}"


@dataclass(frozen=True, slots=True)
class FormReading:
    """What a form says.

    Attributes:
        fields: What was written behind each name; "" where nothing was.
        lines: The line of each name, from 1.
        problems: Lines that cannot be read.
    """

    fields: Mapping[str, str]
    lines: Mapping[str, int]
    problems: tuple[FileProblem, ...]


def form_text_of(file: Path) -> str | FileProblem:
    """A file's text, or why there is none. Editors that write UTF-16 mark it, and are read."""
    try:
        held = file.read_bytes()[: LARGEST + 1]
    except OSError as error:
        return FileProblem(str(file), 0, f"cannot be read: {error.strerror}.", "Name a text file.")
    if len(held) > LARGEST:
        return FileProblem(
            str(file), 0, f"is larger than {LARGEST // 1024} kB.", "A form is a short text file."
        )
    marked = held.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return held.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        return FileProblem(
            str(file), 0, "is no text in UTF-8.", "Save the form as plain text, in UTF-8."
        )


def read_form(text: str, file: str, known: Sequence[str]) -> FormReading:
    """Read a filled-in form; every problem at once.

    Args:
        text: The file's text.
        file: Its name, for places.
        known: The names that a form of this round has.
    """
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    problems: list[FileProblem] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith(REMARK):
            continue
        name, colon, said = line.partition(":")
        name, said = "-".join(name.split()).casefold(), said.strip()
        if not colon or name not in known:
            problems.append(_unknown(file, number, name, known, has_colon=bool(colon)))
        elif name in fields and said != fields[name]:
            problems.append(
                FileProblem(
                    file,
                    number,
                    f"{name}: is answered on line {lines[name]} too.",
                    "Keep one of the two lines.",
                )
            )
        else:
            fields[name], lines[name] = said, number
    return FormReading(fields, lines, tuple(problems))


def _unknown(
    file: str, number: int, name: str, known: Sequence[str], *, has_colon: bool
) -> FileProblem:
    if not has_colon:
        return FileProblem(
            file,
            number,
            f"{name[:40]!r} stands behind no question.",
            f"Write each answer on one line, behind its colon; begin remarks with {REMARK}.",
        )
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"Did you mean `{near[0]}`?" if near else "Begin with a form from `sayso round form`."
    return FileProblem(file, number, f"{name[:40]!r} is no question of this form.", hint)

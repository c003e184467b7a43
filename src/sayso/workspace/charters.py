"""The charters of a folder: reading them, and finding one by its name and version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sayso.declare.charter_file import CharterReading, read_charter
from sayso.declare.versions import is_earlier
from sayso.declare.yaml_tree import Entries, Scalar, read_tree
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import CharterInvalid, CharterNotFound

if TYPE_CHECKING:
    from sayso.declare.charter import Charter

PEOPLE = "people"
OLD = "old"


def charter_files(path: Path) -> list[Path]:
    """The charter files under a path, in a fixed order.

    people.yaml is none, and versions kept for the record, ``old/<slug>@<version>.yaml``, are no
    longer in force: neither is in a folder's list.
    """
    if not path.is_dir():
        return [path]
    found = (f for f in path.rglob("*") if f.suffix in {".yaml", ".yml"} and f.is_file())
    return sorted(
        f
        for f in found
        if f.stem != PEOPLE
        and not is_earlier(f.stem)
        and not any(p.startswith(".") for p in f.relative_to(path).parts)
    )


def decision_of(file: Path) -> str | None:
    """The decision that a charter's file names, however broken the rest of it is."""
    root = read_tree(text_of(file), str(file)).root
    node = root.get("decision") if isinstance(root, Entries) else None
    return node.text if isinstance(node, Scalar) else None


def text_of(file: Path) -> str:
    """A file's text.

    Raises:
        CharterInvalid: If it cannot be read as UTF-8.
    """
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CharterInvalid(
            f"Cannot read {file}: {getattr(error, 'strerror', None) or error}.",
            hint="Name a charter's YAML file, or a folder of them.",
        ) from error


def reading_of(file: Path) -> CharterReading:
    """What a charter file says."""
    return read_charter(text_of(file), str(file))


def ref_of(text: str, folder: Path) -> CharterRef:
    """The version that a text names: ``slug@version``, or the latest in a folder of ``slug``.

    Raises:
        InvalidReference: If what stands behind the @ is no version.
        CharterNotFound: If the folder has no charter of that slug.
    """
    if "@" in text:
        return CharterRef.parse(text)
    known = [reading_of(f).charter for f in (charter_files(folder) if folder.is_dir() else [])]
    refs = [charter.ref for charter in known if charter is not None]
    mine = [ref for ref in refs if ref.slug == text]
    if not mine:
        raise CharterNotFound(text, sorted({ref.slug for ref in refs}))
    return max(mine)


def find_charter(ref: CharterRef, folder: Path) -> Charter:
    """The charter of that name and version in a folder, in force or kept for the record.

    Raises:
        CharterNotFound: If there is none.
    """
    known: list[Charter] = []
    for file in charter_files(folder) if folder.is_dir() else []:
        charter = reading_of(file).charter
        if charter is not None:
            known.append(charter)
    for file in sorted(folder.rglob(f"{OLD}/{ref}.yaml")):
        charter = reading_of(file).charter
        if charter is not None:
            known.append(charter)
    for charter in known:
        if charter.ref == ref:
            return charter
    raise CharterNotFound(str(ref), [str(c.ref) for c in known])

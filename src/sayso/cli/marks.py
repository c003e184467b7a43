"""``sayso marks`` and ``sayso activate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

HERE = Path()


def form(charter: str, /, *, n: Annotated[int, Parameter(name="-n")] = 3, out: str = ".") -> int:
    """Write forms on which deciders mark each assumption: true here, not here, don't know.

    Args:
        charter: The charter: slug, or slug@version.
        n: How many; each person needs their own.
        out: Where they go.
    """
    from sayso.workspace.marks import write_forms

    for file in write_forms(HERE, charter, n=n, out=Path(out)):
        print(f"  {file}")
    print(f"  Hand one to each person. Then: `sayso marks read {charter} FILE...`.")
    return 0


def read_in(charter: str, /, *files: str, deciders: int | None = None) -> int:
    """Take in filled-in forms; all of them, or none where one is wrong.

    Args:
        charter: The charter: slug, or slug@version.
        files: The forms.
        deciders: How many people decide, where people.yaml does not say it.
    """
    from sayso.present.marks_told import marks_text
    from sayso.workspace.clock import today
    from sayso.workspace.marks import read_forms

    paths = [Path(file) for file in files]
    view = read_forms(HERE, charter, paths, today=today(), deciders=deciders)
    print(marks_text(view.charter, view.marked, view.waiting, view.told, view.suggestions))
    return 0


def show(charter: str, /) -> int:
    """Say what deciders marked, as far as nobody can be told from it, and what they suggest.

    Args:
        charter: The charter: slug, or slug@version.
    """
    from sayso.present.marks_told import marks_text
    from sayso.workspace.marks import marks_of, version_of

    view = marks_of(HERE, version_of(HERE, charter).ref)
    print(marks_text(view.charter, view.marked, view.waiting, view.told, view.suggestions))
    return 0


def answer(
    suggestion: str, /, *, adopt: int | None = None, decline: str = "", how: str = ""
) -> int:
    """Say what becomes of a suggestion: taken up in a version, or declined for a reason.

    Args:
        suggestion: Its name, such as first-visit-part@3.1.
        adopt: The version that takes it up.
        decline: Why it is declined.
        how: How it was taken up.
    """
    from sayso.present.marks_told import fate_text
    from sayso.present.terminal import plain
    from sayso.workspace.clock import today
    from sayso.workspace.marks import answer_suggestion

    after = answer_suggestion(
        HERE, suggestion, today=today(), adopt=adopt, decline=decline, how=how
    )
    print(plain(f"  {fate_text(after)}"))
    return 0


def activate(charter: str, /, *, deciders: int | None = None) -> int:
    """Bring a charter version into force, or say everything that keeps it from that.

    Args:
        charter: The version, as slug@version; the slug alone for the latest.
        deciders: How many people decide, where people.yaml does not say it.
    """
    from sayso.workspace.activate import activate as bring
    from sayso.workspace.clock import today

    print(f"  {bring(HERE, charter, today=today(), deciders=deciders)}")
    return 0

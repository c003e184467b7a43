"""What the pages of a charter's form show, and what their buttons do."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sayso.declare.typed_charter import SHAPES, rows_of
from sayso.domain.errors import CharterChanged, CharterInvalid, CharterTangled, FileNotWritable
from sayso.present.charter_form import (
    first_field,
    form_view,
    legend_of,
    said_by_field,
    sentence,
    slot,
    told,
    with_mistake_rows,
)
from sayso.present.charter_questions import Depth
from sayso.present.pages import FormProblem
from sayso.workspace.charter_form import (
    CharterForm,
    Clash,
    Done,
    Review,
    Sent,
    look_at,
    open_form,
    review,
    save,
    save_text,
)
from sayso.workspace.charter_next import next_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

TITLE = "What do we decide, and who is accountable?"
Pairs = tuple[tuple[str, str], ...]
OWN = frozenset({"act", "depth", "seen", "was", "text"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows.

    Attributes:
        template: Its template; "" where the visitor is sent on.
        title: Its title.
        problems: What is wrong in its form.
        status: Its HTTP status; None for what follows from the problems.
        go: Where the visitor is sent on to; "" for nowhere.
        values: What the template prints, of any type as Jinja takes them.
    """

    template: str = ""
    title: str = TITLE
    problems: tuple[FormProblem, ...] = ()
    status: int | None = None
    go: str = ""
    values: dict[str, Any] = field(default_factory=dict[str, Any])


def charter_page(folder: Path, slug: str, *, depth: str, saved: str, today: date) -> Shown:
    """The form as the file says it.

    Args:
        folder: The workspace.
        slug: The decision.
        depth: The minutes it takes, "2" or "10".
        saved: The version that was just saved, or "same"; "" for none.
        today: The day.

    Raises:
        CharterNotFound: If there is no such decision.
        CharterInvalid: If the file cannot be read as text.
    """
    form = open_form(folder, slug, today)
    note = ""
    if saved == "same":
        note = f"The file says this already, so nothing was written. It is version {form.version}."
    elif saved == str(form.version):
        note = f"Saved. The charter is version {saved} now."
    shown = _form_page(form, _depth(depth), note=note)
    if note and form.charter is not None:
        shown.values["next"] = next_for(form.charter)
    return replace(shown, status=200)


def charter_act(folder: Path, slug: str, posted: Mapping[str, str], today: date) -> Shown:
    """What a button of the form does; whatever it is, what was typed stays.

    Args:
        folder: The workspace.
        slug: The decision.
        posted: Every field, with ``act``: the button.
        today: The day.

    Raises:
        CharterNotFound: If there is no such decision.
        CharterInvalid: If the file cannot be read as text.
    """
    act, depth, sent = posted.get("act", ""), _depth(posted.get("depth", "")), _sent(posted)
    verb, _, where = act.partition(":")
    try:
        if verb == "text":
            found = save_text(folder, slug, posted.get("text", ""), sent.seen, today)
        elif verb == "save":
            found = save(folder, slug, sent, today)
        elif verb in ("depth", "add", "drop", "edit"):
            focus, sent = _stepped(verb, where, sent)
            chosen = _depth(where) if verb == "depth" else depth
            return _form_page(look_at(folder, slug, sent, today), chosen, focus=focus, calm=True)
        else:
            found = review(folder, slug, sent, today)
    except CharterChanged:
        found = review(folder, slug, sent, today)
    except (CharterTangled, CharterInvalid, FileNotWritable) as error:
        return _refused(
            open_form(folder, slug, today), sent, depth, f"{error.message} {error.hint}"
        )
    match found:
        case CharterForm():
            return _form_page(found, depth)
        case Review():
            return _review_page(found, depth)
        case Clash():
            return _clash_page(found, depth)
        case Done():
            return _done(slug, found, depth)


def charter_findings(folder: Path, slug: str, posted: Mapping[str, str], today: date) -> Shown:
    """What is said beside each field shown, for a page that puts it there by itself.

    Raises:
        CharterNotFound: If there is no such decision.
        CharterInvalid: If the file cannot be read as text.
    """
    form, depth = look_at(folder, slug, _sent(posted), today), _depth(posted.get("depth", ""))
    return replace(
        _form_page(form, depth), template="console/charter_findings.html", problems=(), status=200
    )


def _depth(text: str) -> Depth:
    return Depth.TEN if text == Depth.TEN else Depth.TWO


def _sent(posted: Mapping[str, str]) -> Sent:
    try:
        was = json.loads(posted.get("was", "{}"))
    except ValueError:
        was = {}
    return Sent(
        typed={name: text for name, text in posted.items() if name not in OWN},
        seen=posted.get("seen", ""),
        was=was if isinstance(was, dict) else {},
    )


def _stepped(verb: str, where: str, sent: Sent) -> tuple[str, Sent]:
    """A row more or a row less; and where the page then begins."""
    typed = dict(sent.typed)
    key, _, number = where.partition(".")
    if key not in SHAPES or not SHAPES[key].rows:
        return "", sent
    if verb == "add":
        row = max(rows_of(typed, key), default=-1) + 1
        focus = first_field(key, row)
        return focus, replace(sent, typed={**typed, focus: ""})
    begins = f"{key}.{number}"
    kept = {n: t for n, t in typed.items() if n != begins and not n.startswith(f"{begins}.")}
    return key, replace(sent, typed=kept)


def _form_page(
    form: CharterForm, depth: Depth, *, focus: str = "", note: str = "", calm: bool = False
) -> Shown:
    """The form.

    Args:
        form: What it says.
        depth: How much is asked.
        focus: Where the page begins.
        note: What is said above it.
        calm: Whether problems are said beside their fields only: nobody has asked to save yet.
    """
    if form.text:
        return _text_page(form)
    typed = with_mistake_rows(form.typed)
    said = said_by_field((f.field, f.code, f.says, f.hint, f.stops) for f in form.findings)
    view = form_view(typed, said, depth, focus=focus)
    problems = tuple(FormProblem(name, says) for name, says in view.problems)
    return Shown(
        template="console/charter.html",
        problems=() if calm else problems,
        values={
            **_values(form, depth),
            "view": view,
            "note": note,
            "next": None,
            "here": depth,
            "open_points": view.open_here + view.open_elsewhere + len(view.general),
        },
    )


def _values(form: CharterForm, depth: Depth) -> dict[str, Any]:
    question = form.typed.get("question", "")
    return {
        "slug": form.slug,
        "action": f"/d/{form.slug}/charter",
        "trail": (("Agenda", "/"), (question or form.slug, f"/d/{form.slug}"), ("Charter", "")),
        "file": form.file,
        "version": form.version,
        "owner": form.typed.get("owner", ""),
        "kept": (("seen", form.seen), ("was", json.dumps(dict(form.was))), ("depth", str(depth))),
        "slot": slot,
    }


def _all_typed(form: CharterForm) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in form.typed.items() if text)


def _review_page(found: Review, depth: Depth) -> Shown:
    title = (
        f"Save this as version {found.version}?"
        if found.raised
        else f"Save this? The version stays {found.version}."
    )
    return Shown(
        template="console/charter_review.html",
        title=title,
        values={
            **_values(found.form, depth),
            "sentences": found.sentences,
            "rewritten": tuple(legend_of(key) for key in found.rewritten),
            "raised": found.raised,
            "readable": found.readable,
            "becomes": found.version,
            "open_points": len(found.form.findings),
            "hidden": _all_typed(found.form),
        },
    )


def _clash_page(found: Clash, depth: Depth) -> Shown:
    both, form = found.both, found.form
    alone = [k for k in found.mine if k not in both and any(_apart(found, k))]
    return Shown(
        template="console/charter_clash.html",
        title="This charter was changed while you had it open",
        status=409,
        values={
            **_values(form, depth),
            "both": tuple((legend_of(k), *_apart(found, k)) for k in both),
            "mine": tuple((legend_of(k), _apart(found, k)[1]) for k in alone),
            "theirs": tuple(legend_of(k) for k in found.meanwhile if k not in found.mine),
            "hidden": _all_typed(form),
        },
    )


def _apart(found: Clash, key: str) -> tuple[Pairs, Pairs]:
    """What the file says of a key, and what was typed, where they differ."""
    theirs, mine = told(key, found.theirs), told(key, found.form.typed)
    return tuple(p for p in theirs if p not in mine), tuple(p for p in mine if p not in theirs)


def _text_page(form: CharterForm) -> Shown:
    return Shown(
        template="console/charter_text.html",
        title="This charter cannot be read",
        problems=tuple(
            FormProblem("text", sentence(f.code, f.says, f.hint)) for f in form.findings
        ),
        values={**_values(form, Depth.TWO), "text": form.text},
    )


def _refused(form: CharterForm, sent: Sent, depth: Depth, says: str) -> Shown:
    """The form with what was typed, where the file does not take it."""
    if form.text:
        return _text_page(form)
    typed = replace(form, typed=sent.typed, seen=sent.seen, was=sent.was, findings=())
    shown = _form_page(typed, depth)
    return replace(shown, problems=(FormProblem("", says),))


def _done(slug: str, done: Done, depth: Depth) -> Shown:
    said = str(done.version) if done.written else "same"
    return Shown(go=f"/d/{slug}/charter?depth={depth}&saved={said}")

"""Rounds: the link, the questions, the results; and, for whoever convenes, opening and settling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from sayso.console.reply import page
from sayso.console.security import Permission, allow
from sayso.console.slug import Slug
from sayso.console.visit import Visit, Visitor
from sayso.present.rounds.questions import purpose_asked
from sayso.workspace.answering import keep_page, open_page
from sayso.workspace.convening import (
    landing,
    new_round,
    open_from_form,
    round_page,
    settle_form,
    settle_from_form,
)
from sayso.workspace.rounds import another_link, begin, close_round

if TYPE_CHECKING:
    from sayso.present.pages import FormProblem
    from sayso.present.rounds.questions import AskedView

router = APIRouter()
RoundId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,120}$")]
Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{10,100}$")]
Place = Annotated[int, Path(ge=1, le=99)]
MONTHS_KEPT = 180 * 86_400


def _secret(request: Request, round_id: str) -> str:
    return request.cookies.get(f"sayso_{round_id}", "")


@router.get("/r/{token}")
@allow(Permission.PARTICIPANT)
def link(request: Request, visit: Visitor, token: Token) -> Response:
    """What a link opens; looking uses nothing up."""
    values = landing(visit.folder, token, visit.today)
    if values["state"] != "fresh" and _secret(request, values["round_id"]):
        return RedirectResponse(values["base"], 303)
    return page(
        visit, "console/round_landing.html", title=values["question"], navigation=False, **values
    )


@router.post("/r/{token}")
@allow(Permission.PARTICIPANT)
def begin_round(request: Request, visit: Visitor, token: Token) -> Response:
    """Use the link up and begin; the browser alone keeps who this is."""
    values = landing(visit.folder, token, visit.today)
    held = _secret(request, values["round_id"]) or None
    secret = begin(visit.folder, token, visit.today, held)
    answer = RedirectResponse(f"{values['base']}/answer/1", 303)
    # Lax: whoever comes back by the link in a mail goes on where they were.
    answer.set_cookie(
        f"sayso_{values['round_id']}",
        secret,
        max_age=MONTHS_KEPT,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


@router.get("/d/{slug}/round/new")
@allow(Permission.CONVENER)
def round_form(visit: Visitor, slug: Slug) -> Response:
    """Ask how a round is to be held."""
    return page(visit, "console/round_new.html", **new_round(visit.folder, slug, visit.today))


@router.post("/d/{slug}/round/new")
@allow(Permission.CONVENER)
async def open_one(request: Request, visit: Visitor, slug: Slug) -> Response:
    """Open it, and show its links once."""
    address = str(request.base_url).rstrip("/")
    opened = open_from_form(
        visit.folder, slug, await _typed(request), address=address, today=visit.today
    )
    template = "console/round_links.html" if opened.links else "console/round_new.html"
    return page(visit, template, problems=opened.problems, **opened.values)


@router.get("/d/{slug}/round/{round_id}")
@allow(Permission.PARTICIPANT)
def one_round(request: Request, visit: Visitor, slug: Slug, round_id: RoundId) -> Response:
    """A round, by where it stands and who asks."""
    template, values = round_page(
        visit.folder,
        slug,
        round_id,
        _secret(request, round_id),
        visit.today,
        convener=visit.convener,
    )
    if template == "answer":
        return RedirectResponse(f"{values['base']}/answer/1", 303)
    return page(visit, template, navigation=visit.convener, **values)


@router.get("/d/{slug}/round/{round_id}/answer/{place}")
@allow(Permission.PARTICIPANT)
def question(
    request: Request, visit: Visitor, slug: Slug, round_id: RoundId, place: Place
) -> Response:
    """One page of questions."""
    secret = _secret(request, round_id)
    return _asked(visit, open_page(visit.folder, round_id, secret, place, visit.today))


@router.post("/d/{slug}/round/{round_id}/answer/{place}")
@allow(Permission.PARTICIPANT)
async def keep(
    request: Request, visit: Visitor, slug: Slug, round_id: RoundId, place: Place
) -> Response:
    """Keep what was typed, then go on, back, or stay."""
    typed = await _typed(request)
    done = keep_page(
        visit.folder,
        round_id,
        _secret(request, round_id),
        place,
        typed,
        today=visit.today,
        back=typed.get("go") == "back",
    )
    base = f"/d/{slug}/round/{round_id}"
    if done.lost is not None:
        return page(
            visit,
            "console/round_late.html",
            title="This round is over",
            navigation=False,
            status=410,
            lost=done.lost,
            base=base,
        )
    if done.view is not None:
        return _asked(visit, done.view, done.problems)
    return RedirectResponse(f"{base}/answer/{done.go}" if done.go else base, 303)


@router.post("/d/{slug}/round/{round_id}/link")
@allow(Permission.CONVENER)
def one_more_link(request: Request, visit: Visitor, slug: Slug, round_id: RoundId) -> Response:
    """One more link, shown once."""
    token = another_link(visit.folder, round_id, visit.today)
    address = str(request.base_url).rstrip("/")
    base = f"/d/{slug}/round/{round_id}"
    return page(
        visit,
        "console/round_links.html",
        title="One more link",
        trail=[("Agenda", "/"), ("Round", base), ("Link", "")],
        links=[f"{address}/r/{token}"],
        message="The link works once, for one person.",
        base=base,
    )


@router.post("/d/{slug}/round/{round_id}/close")
@allow(Permission.CONVENER)
def close(visit: Visitor, slug: Slug, round_id: RoundId) -> Response:
    """End it before its day, so that results open."""
    close_round(visit.folder, round_id, visit.today)
    return RedirectResponse(f"/d/{slug}/round/{round_id}", 303)


@router.get("/d/{slug}/round/{round_id}/settle")
@allow(Permission.CONVENER)
def rule_form(visit: Visitor, slug: Slug, round_id: RoundId) -> Response:
    """Ask for the rule."""
    values = settle_form(visit.folder, round_id, visit.today)
    return page(visit, "console/round_settle.html", **values)


@router.post("/d/{slug}/round/{round_id}/settle")
@allow(Permission.CONVENER)
async def settle(request: Request, visit: Visitor, slug: Slug, round_id: RoundId) -> Response:
    """Settle it, or say what is missing beside what was typed."""
    typed = await _typed(request)
    problems = settle_from_form(visit.folder, round_id, typed, today=visit.today)
    if not problems:
        return RedirectResponse(f"/d/{slug}/round/{round_id}", 303)
    values = settle_form(visit.folder, round_id, visit.today, typed)
    return page(visit, "console/round_settle.html", problems=problems, **values)


def _asked(visit: Visit, view: AskedView, problems: tuple[FormProblem, ...] = ()) -> Response:
    return page(
        visit,
        "console/round_asked.html",
        title=view.page.title,
        navigation=False,
        problems=problems,
        view=view,
        base=view.action.rpartition("/answer/")[0],
        question=view.question,
        purpose_title=purpose_asked(),
        points=view.points,
    )


async def _typed(request: Request) -> dict[str, str]:
    """What a form holds, as text; a field given twice counts once."""
    form = await request.form(max_files=0, max_fields=500)
    return {name: value for name, value in form.items() if isinstance(value, str)}

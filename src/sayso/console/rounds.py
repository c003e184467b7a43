"""Rounds for those who are asked: the link, the questions, what came out, what speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response

from sayso.console.posted import posted
from sayso.console.reply import data, page
from sayso.console.security import Permission, allow
from sayso.console.shown import answer
from sayso.console.slug import Slug
from sayso.console.visit import Visit, Visitor
from sayso.present.round_form import privacy_sentence
from sayso.present.rounds.convening import takes
from sayso.present.rounds.questions import purpose_asked
from sayso.workspace.answering import base_of, keep_page, keep_points, open_page
from sayso.workspace.charter_pages import Shown
from sayso.workspace.landing import Landed, Landing, begin_here, is_secret, land, round_of_link
from sayso.workspace.round_pages import object_from_page, round_data, round_page
from sayso.workspace.rounds import new_secret

if TYPE_CHECKING:
    from sayso.workspace.answering import Opened

router = APIRouter()
RoundId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,120}$")]
Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{10,100}$")]
Place = Annotated[int, Path(ge=1, le=99)]
Posted = Annotated[dict[str, str], Depends(posted)]
DAYS_KEPT = 180
HELD, SPARE = "sayso_{}", "sayso_spare_{}"


@router.get("/r/{token}")
@allow(Permission.PARTICIPANT)
def link(request: Request, visit: Visitor, token: Token) -> Response:
    """What a link opens; looking uses nothing up, and gives the browser a secret to begin with."""
    held, _ = _secrets(request, round_of_link(visit.folder, token, visit.today))
    landed = land(visit.folder, token, held, visit.today)
    if landed.state is Landing.GO_ON:
        return RedirectResponse(base_of(landed.round), 303)
    shown = _landing(visit, token, landed, str(landed.state))
    needed = {Landing.FRESH: HELD, Landing.ANOTHER: SPARE}.get(landed.state)
    if needed is not None and not is_secret(_cookie(request, needed, landed.round.id)):
        _keep(shown, request, needed.format(landed.round.id), new_secret())
    return shown


@router.post("/r/{token}")
@allow(Permission.PARTICIPANT)
def begin_round(request: Request, visit: Visitor, token: Token) -> Response:
    """Use the link up and begin; the browser alone keeps who this is."""
    held, spare = _secrets(request, round_of_link(visit.folder, token, visit.today))
    landed = land(visit.folder, token, held, visit.today)
    if not held:
        return _landing(visit, token, landed, "no cookies", status=400)
    secret = begin_here(visit.folder, token, held, spare, visit.today)
    if secret is None:
        return _landing(visit, token, landed, str(landed.state), status=409)
    begun = RedirectResponse(f"{base_of(landed.round)}/answer/1", 303)
    _keep(begun, request, HELD.format(landed.round.id), secret)
    return begun


@router.get("/d/{slug}/round/{round_id}.json")
@allow(Permission.PARTICIPANT)
def one_round_as_data(request: Request, visit: Visitor, slug: Slug, round_id: RoundId) -> Response:
    """What a round says, as data."""
    secret = _cookie(request, HELD, round_id)
    return data(
        round_data(visit.folder, slug, round_id, secret, visit.today, convener=visit.convener)
    )


@router.get("/d/{slug}/round/{round_id}")
@allow(Permission.PARTICIPANT)
def one_round(request: Request, visit: Visitor, slug: Slug, round_id: RoundId) -> Response:
    """A round, by where it stands and who asks."""
    secret = _cookie(request, HELD, round_id)
    shown, asked = round_page(
        visit.folder, slug, round_id, secret, visit.today, convener=visit.convener
    )
    return to_participant(visit, shown, slug, round_id) if asked else answer(visit, shown)


@router.post("/d/{slug}/round/{round_id}/object")
@allow(Permission.PARTICIPANT)
def object_to_rule(
    request: Request, visit: Visitor, slug: Slug, round_id: RoundId, typed: Posted
) -> Response:
    """Keep what speaks against the rule that lies open."""
    secret = _cookie(request, HELD, round_id)
    because = typed.get("because", "")
    shown = object_from_page(visit.folder, slug, round_id, secret, because, visit.today)
    return to_participant(visit, shown, slug, round_id)


@router.get("/d/{slug}/round/{round_id}/answer/{place}")
@allow(Permission.PARTICIPANT)
def question(
    request: Request,
    visit: Visitor,
    slug: Slug,
    round_id: RoundId,
    place: Place,
    check: str = "",
) -> Response:
    """One page of questions, with what is wrong in it where it was just sent."""
    secret = _cookie(request, HELD, round_id)
    shown = open_page(visit.folder, round_id, secret, place, visit.today, judged=bool(check))
    return _asked(visit, shown)


@router.post("/d/{slug}/round/{round_id}/answer/{place}")
@allow(Permission.PARTICIPANT)
def keep(
    request: Request, visit: Visitor, slug: Slug, round_id: RoundId, place: Place, typed: Posted
) -> Response:
    """Keep what was typed, then go on, back, or stay."""
    done = keep_page(
        visit.folder,
        round_id,
        _cookie(request, HELD, round_id),
        place,
        typed,
        today=visit.today,
        back=typed.get("go") == "back",
    )
    base = base_of(done.round)
    if done.lost is not None:
        values = {"lost": done.lost, "base": base}
        late = Shown(
            template="console/round_late.html",
            title="This round is over",
            status=410,
            values=values,
        )
        return to_participant(visit, late, slug, round_id)
    check = "?check=yes" if done.judged else ""
    return RedirectResponse(f"{base}/answer/{done.go}{check}" if done.go else base, 303)


@router.post("/d/{slug}/round/{round_id}/answer/{place}/sum")
@allow(Permission.PARTICIPANT)
def points_so_far(
    request: Request, visit: Visitor, slug: Slug, round_id: RoundId, place: Place, typed: Posted
) -> Response:
    """Keep points while they are typed, and say what they add up to."""
    secret = _cookie(request, HELD, round_id)
    says = keep_points(visit.folder, round_id, secret, place, typed, today=visit.today)
    return page(visit, "console/round_sum.html", title="", navigation=False, says=says)


def to_participant(visit: Visit, shown: Shown, slug: str, round_id: str) -> Response:
    """A page of somebody who was asked: it leads nowhere but to what they are asked."""
    if shown.go:
        return RedirectResponse(shown.go, 303)
    return page(
        visit,
        shown.template,
        title=shown.title,
        navigation=False,
        named=True,
        problems=shown.problems,
        status=shown.status,
        convene=f"/d/{slug}/round/{round_id}/convene" if visit.convener else "",
        **shown.values,
    )


def _asked(visit: Visit, shown: Opened) -> Response:
    view = shown.view
    base = view.action.rpartition("/answer/")[0]
    return page(
        visit,
        "console/round_asked.html",
        title=view.page.title,
        navigation=False,
        named=True,
        problems=shown.problems,
        convene=f"{base}/convene" if visit.convener else "",
        view=view,
        base=base,
        question=view.question,
        purpose_title=purpose_asked(),
        points=view.points,
    )


def _landing(
    visit: Visit, token: str, landed: Landed, state: str, *, status: int = 200
) -> Response:
    round_ = landed.round
    return page(
        visit,
        "console/round_landing.html",
        title=round_.question,
        navigation=False,
        named=True,
        status=status,
        state=state,
        question=round_.question,
        takes=takes(round_),
        privacy=privacy_sentence(round_),
        action=f"/r/{token}",
        base=base_of(round_),
    )


def _secrets(request: Request, round_id: str) -> tuple[str, str]:
    """What this browser holds for a round: its own secret, and one for another person."""
    return _cookie(request, HELD, round_id), _cookie(request, SPARE, round_id)


def _cookie(request: Request, name: str, round_id: str) -> str:
    text = request.cookies.get(name.format(round_id), "")
    return text if is_secret(text) else ""


def _keep(response: Response, request: Request, name: str, secret: str) -> None:
    # Lax: whoever comes back by the link in a mail goes on where they were (decision 0005).
    response.set_cookie(
        name,
        secret,
        max_age=DAYS_KEPT * 86_400,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )

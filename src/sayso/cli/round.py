"""``sayso round`` and what belongs to it."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from sayso.align.round import Form, SettleBy
from sayso.cli.errors import REFUSED

LOOPBACK = "http://127.0.0.1:8080"
HERE = Path()


def open_one(
    charter: str,
    /,
    *,
    cases: str | None = None,
    n: Annotated[int, Parameter(name="-n")] = 12,
    invite: int = 8,
    form: Form = Form.POINTS,
    settle: SettleBy = SettleBy.OWNER,
    quorum: float = 0.6,
    closes: date | None = None,
    address: str = LOOPBACK,
    seed: int = 0,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Put the same questions to 5 to 15 people, apart, about one charter.

    Args:
        charter: A charter's file, its slug, or slug@version.
        cases: A table of past cases to choose from; invented cases where not said.
        n: Cases that everybody chooses in.
        invite: People, each with a link of their own.
        form: How people say what matters: 100 points, or pairs.
        settle: Who may settle what stays open.
        quorum: Share of the invited that must have answered before anybody settles.
        closes: First day on which no answer is taken; in 14 days where not said.
        address: Where people reach Sayso's pages.
        seed: Seed of the choice of cases.
        json: Say everything as JSON.
    """
    from sayso.present.round_notice import opened_plain, opened_text
    from sayso.workspace.clock import today
    from sayso.workspace.links import read_address
    from sayso.workspace.round_opening import open_round

    place = read_address(address)
    opened = open_round(
        HERE,
        charter,
        today=today(),
        cases=cases,
        n=n,
        invite=invite,
        form=form,
        settle=settle,
        quorum=quorum,
        closes=closes,
        seed=seed,
    )
    if json:
        _say(opened_plain(opened.round, opened.links, place))
    else:
        print(opened_text(opened.round, opened.links, place, opened.left_out))
    return 0


def list_all(*, json: Annotated[bool, Parameter(negative="")] = False) -> int:
    """Say where each round stands, in counts; never who answered.

    Args:
        json: Say everything as JSON.
    """
    from sayso.present.round_notice import rounds_text, status_plain
    from sayso.workspace.clock import today
    from sayso.workspace.rounds import has_charter_changed, list_rounds

    rounds = [(s, has_charter_changed(HERE, s.round)) for s in list_rounds(HERE, today())]
    if json:
        _say([status_plain(status, changed=changed) for status, changed in rounds])
    else:
        print(rounds_text(rounds))
    return 0


def link(round_id: str, /, *, address: str = LOOPBACK) -> int:
    """Make one more link, for a person who lost theirs.

    Args:
        round_id: The round.
        address: Where people reach Sayso's pages.
    """
    from sayso.present.round_notice import another_text
    from sayso.workspace.clock import today
    from sayso.workspace.links import read_address
    from sayso.workspace.rounds import another_link

    place = read_address(address)
    print(another_text(round_id, another_link(HERE, round_id, today()), place))
    return 0


def close(round_id: str, /, *, withhold: Annotated[bool, Parameter(negative="")] = False) -> int:
    """End a round before its day; with enough answers, its results open to everybody.

    Args:
        round_id: The round.
        withhold: End it although too few answered; nothing of it is ever shown.
    """
    from sayso.present.round_notice import closed_text
    from sayso.workspace.clock import today
    from sayso.workspace.rounds import close_round

    print(closed_text(close_round(HERE, round_id, today(), withhold=withhold)))
    return 0


def forget(
    round_id: str,
    /,
    *,
    unsettled: Annotated[bool, Parameter(negative="")] = False,
    table: str | None = None,
) -> int:
    """Delete the answers of a round that is over, and keep its report.

    Args:
        round_id: The round.
        unsettled: Delete them although no rule was written.
        table: A table of live cases for the report; the charter's own where not said.
    """
    from sayso.present.round_notice import forgotten_text
    from sayso.workspace.clock import today
    from sayso.workspace.forgetting import forget_round

    done = forget_round(HERE, round_id, today(), unsettled=unsettled, table=table)
    print(forgotten_text(done))
    return 0


def form(
    round_id: str,
    /,
    *,
    link: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    text: Annotated[bool, Parameter(negative="")] = False,
    out: str | None = None,
) -> int:
    """Write a form to be filled in without these pages.

    Args:
        round_id: The round.
        link: A link of the round that the form carries; repeat it for a form each.
        text: A text file to be filled in with an editor, instead of a page to be printed.
        out: Where it goes.
    """
    from sayso.workspace.clock import today
    from sayso.workspace.round_forms import write_form

    print(
        f"Written to {write_form(HERE, round_id, today=today(), links=link, as_text=text, out=out)}."
    )
    return 0


def read_in(round_id: str, /, *files: str) -> int:
    """Count filled-in text forms, one file a person.

    Args:
        round_id: The round.
        files: The forms.
    """
    from sayso.present.round_notice import read_in_text
    from sayso.workspace.clock import today
    from sayso.workspace.round_forms import read_forms
    from sayso.workspace.rounds import status_of

    read = read_forms(HERE, round_id, files, today())
    for problem in read.problems:
        print(problem, file=sys.stderr)
    print(read_in_text(read.taken, status_of(HERE, round_id, today())))
    return REFUSED if read.problems else 0


def _say(plain: object) -> None:
    import json

    print(json.dumps(plain, ensure_ascii=False, indent=2))


def report(
    round_id: str,
    /,
    *,
    table: str | None = None,
    out: str | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
    system_fonts: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Say what a round says, once nobody can answer any more and enough people did.

    Args:
        round_id: The round, such as first-visit-part-1.
        table: A table of live cases; the charter's own where not said.
        out: Where the report goes; rounds/ID/report.html where not said.
        json: Say everything as JSON.
        system_fonts: Leave the fonts out of the report.
    """
    from sayso.workspace.clock import today
    from sayso.workspace.round_reading import run_round_report

    run_round_report(
        HERE,
        round_id,
        today(),
        table=table,
        out=out,
        as_json=json,
        system_fonts=system_fonts,
        tell=print,
    )
    return 0

"""What was read of a table, and the frame in which its figures are read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sayso.declare.charter import FewDeciders
from sayso.measure.case_table import CASE_COLUMNS
from sayso.measure.profile import Profile, RoleGuess
from sayso.measure.setting import RightRule, Setting

if TYPE_CHECKING:
    from sayso.adapters.draft import Draft
    from sayso.adapters.raw_table import RawTable

LINE = 0.05
NEARLY_ALL = 0.9
# With so many cases of an option and no outcome at all, it is not that some are missing.
FEW_UNSEEN = 10


def profile_of(
    draft: Draft, raw: RawTable, *, rows_read: int, rows_used: int, calendar: bool
) -> Profile:
    """Counts and treatments of the case table just made."""
    deciders, teams, since, until = draft.one(
        "SELECT count(DISTINCT decider), count(DISTINCT team), min(decided_at), max(decided_at)"
        " FROM cases"
    )
    _see(draft)
    first = since if isinstance(since, datetime) else None
    last = until if isinstance(until, datetime) else None
    return Profile(
        name=raw.name,
        rows_read=rows_read,
        rows_used=rows_used,
        deciders=_int(deciders),
        teams=_int(teams),
        since=first,
        until=last,
        calendar=calendar,
        shown_since=_shown_since(draft) if calendar else None,
        sha256=raw.sha256,
        roles=_filled(draft, rows_used),
        treatments=tuple(draft.treatments),
        inputs=draft.roles.inputs,
    )


def setting_of(
    draft: Draft, right: RightRule, randomised: float | None, *, seen_for: str | None
) -> Setting:
    """What is fixed before any figure is seen."""
    charter = draft.charter
    counts = draft.one(
        f"SELECT {', '.join(f'count({c.name})' for c in CASE_COLUMNS)} FROM cases"  # noqa: S608
    )
    has = {c.name for c, n in zip(CASE_COLUMNS, counts, strict=True) if _int(n) > 0}
    deciders = _int(draft.one("SELECT count(DISTINCT decider) FROM cases")[0])
    privacy = charter.privacy if charter is not None else None
    advice = charter.advice if charter is not None else None
    stated = randomised if randomised is not None else (advice.show_probability if advice else None)
    declared = charter.worth_acting_on if charter is not None else None
    units = {m.costs.unit for m in charter.mistakes if m.costs is not None} if charter else set()
    return Setting(
        has=frozenset(has),
        options=draft.options,
        quantity=draft.quantity,
        deciders=deciders,
        line=LINE if declared is None else declared,
        line_declared=declared is not None,
        loss_unit=_unit(draft, units),
        costs=tuple((m.option, m.costs.amount) for m in charter.mistakes if m.costs is not None)
        if charter is not None and len(units) == 1
        else (),
        minimum_people=privacy.minimum_people if privacy else 5,
        minimum_cases=privacy.minimum_cases if privacy else 30,
        few_deciders=privacy.few_deciders if privacy else FewDeciders.REFUSE,
        show_probability=stated,
        ask_probability=_asked(draft, advice.prior_sample if advice else 0.0),
        right=right,
        outcome_seen_for=seen_for,
        panel_rows=_panel_rows(draft),
        reasons=charter.reasons if charter is not None else (),
        teams_agreed=privacy is not None and privacy.quality_by_team == "agreed",
    )


def _asked(draft: Draft, declared: float) -> float | None:
    """The stated chance of being asked for a first view: the charter's, else one in all rows."""
    if declared > 0:
        return declared
    low, high = draft.one(
        "SELECT min(prior_ask_probability), max(prior_ask_probability) FROM cases"
    )
    return low if isinstance(low, float) and low == high else None


def _panel_rows(draft: Draft) -> int:
    """Rows of cases decided by several people; only looked for where the import noted any."""
    if not any(t.code == "panel" for t in draft.treatments):
        return 0
    found = draft.one(
        "SELECT sum(n) FROM (SELECT count(*) AS n FROM cases WHERE case_id IS NOT NULL"
        " GROUP BY case_id HAVING count(DISTINCT decider) > 1)"
    )[0]
    return int(str(found)) if found is not None else 0


def _unit(draft: Draft, units: set[str]) -> str | None:
    if draft.quantity:
        quantity = draft.charter.quantity if draft.charter is not None else None
        return quantity.unit if quantity is not None else None
    return next(iter(units)) if len(units) == 1 else None


def seen_for_one(draft: Draft) -> str | None:
    """The one option whose outcomes are seen: as the charter says, else as the rows show."""
    outcome = draft.charter.outcome if draft.charter is not None else None
    if outcome is not None and outcome.seen_when != "always":
        plain = outcome.seen_when.replace(" ", "")
        return next(
            (o for o in draft.options if plain == f"choice='{o}'".replace(" ", "")),
            None,
        )
    if draft.quantity or "outcome" not in draft.values:
        return None
    rows = draft.connection.execute(
        "SELECT choice, count(outcome) FROM cases"
        " WHERE choice IS NOT NULL AND outcome_matured GROUP BY choice"
        " HAVING count(*) >= $few OR count(outcome) > 0 ORDER BY choice",
        {"few": FEW_UNSEEN},
    ).fetchall()
    seen = [str(choice) for choice, known in rows if known]
    if len(seen) != 1 or len(rows) < 2:
        return None
    draft.note("seen-after-one", 1, seen[0])
    return seen[0]


def _filled(draft: Draft, rows: int) -> tuple[RoleGuess, ...]:
    return tuple(
        RoleGuess(
            role=g.role,
            column=g.column,
            certainty=g.certainty,
            filled=min(1.0, _int(_count_of(draft, g.role)) / rows),
        )
        for g in draft.roles.guesses
    )


def _count_of(draft: Draft, role: str) -> object:
    if role == "shown":
        return draft.one("SELECT count(CASE WHEN shown THEN 1 END) FROM cases")[0]
    name = "case_id" if role == "case" else role
    if draft.quantity and role in ("choice", "advice", "prior", "outcome"):
        name = f"{role}_number"
    return draft.one(f"SELECT count({name}) FROM cases")[0]  # noqa: S608 - a role's name


def _see(draft: Draft) -> None:
    """Note what a reader must know of the rows."""
    late, early, matured, unchosen = draft.one(
        "SELECT count(CASE WHEN justification THEN 1 END),"
        " count(CASE WHEN outcome_at < decided_at THEN 1 END),"
        " count(CASE WHEN NOT outcome_matured THEN 1 END),"
        " count(CASE WHEN choice IS NULL AND choice_number IS NULL THEN 1 END) FROM cases"
    )
    draft.note("late-advice", late)
    draft.note("outcome-before-decision", early)
    draft.note("outcome-not-due", matured)
    draft.note("no-choice", unchosen)
    if draft.options and not draft.quantity:
        chosen = {
            str(r[0])
            for r in draft.connection.execute("SELECT DISTINCT choice FROM cases").fetchall()
        }
        for option in draft.options:
            if option not in chosen:
                draft.note("never-chosen", 1, option)
        if len(chosen - {"None"}) == 1:
            draft.note("one-option", 1, next(iter(chosen - {"None"})))


def _shown_since(draft: Draft) -> datetime | None:
    """When advice came into view, where it was hidden before and mostly shown after."""
    start = draft.one("SELECT min(CASE WHEN shown THEN decided_at END) FROM cases")[0]
    if not isinstance(start, datetime):
        return None
    before, after, shown = draft.connection.execute(
        "SELECT count(CASE WHEN decided_at < $start THEN 1 END),"
        " count(CASE WHEN decided_at >= $start THEN 1 END),"
        " count(CASE WHEN shown THEN 1 END) FROM cases",
        {"start": start},
    ).fetchone() or (0, 0, 0)
    mostly = _int(shown) >= NEARLY_ALL * max(1, _int(after))
    return start if _int(before) >= 30 and mostly else None


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0

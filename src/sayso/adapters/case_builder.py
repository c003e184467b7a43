"""From raw rows to the case table: roles, duplicates, what was right, what is alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sayso.adapters.case_columns import (
    BOUNDED,
    PER_HUNDRED,
    RoleColumn,
    bounded_number,
    is_running_number,
    option_text,
    typed_columns,
)
from sayso.adapters.case_profile import profile_of, seen_for_one, setting_of
from sayso.adapters.case_rules import RightSql, Stated, joined, stated_probability
from sayso.adapters.draft import Draft, input_places
from sayso.adapters.duplicates import settle_duplicates
from sayso.adapters.input_values import make_value_view
from sayso.adapters.input_views import make_input_views
from sayso.adapters.likeness import alike_keys
from sayso.adapters.raw_table import literal, quoted
from sayso.adapters.source_values import (
    SourceValue,
    declared_condition,
    given_view,
    source_condition,
    source_value,
    yes_no,
)
from sayso.declare.charter import OutcomeKind
from sayso.domain.errors import ColumnUnclear, TableEmpty
from sayso.measure.case_table import CASE_COLUMNS, ROLE_NAMES
from sayso.measure.roles import NO_COLUMN, Content, Roles, guess_roles
from sayso.measure.setting import RightRule

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from sayso.adapters.column_facts import ReadColumn
    from sayso.adapters.import_request import ImportRequest
    from sayso.adapters.raw_table import RawTable
    from sayso.measure.profile import Profile
    from sayso.measure.setting import Setting

MOST_OPTIONS = 50
KINDS = {column.name: column.kind for column in CASE_COLUMNS}
# Columns of ``typed`` that are there whether or not the table has them.
KEYS = ("case_id", "decider", "team", "decided_at", "choice", "choice_number", "advice", "prior",
        "outcome", "outcome_number")  # fmt: skip


def build_cases(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    read: tuple[ReadColumn, ...],
    rows: int,
    request: ImportRequest,
) -> tuple[Profile, Setting]:
    """Make the table ``cases`` and say what was done.

    Raises:
        SaysoError: Where a column that matters is unclear, rows conflict or nothing is left.
    """
    charter = request.charter
    columns = {column.facts.name: column for column in read}
    connection.execute(given_view(columns, charter))
    roles, values = _find_roles(columns, request)
    draft = Draft(connection, charter, columns, roles, values)
    _find_scales(draft)
    _find_options(draft)
    where = charter.source.where if charter is not None and charter.source is not None else None
    condition = f" WHERE {source_condition(where, columns, field='source.where')}" if where else ""
    right = _make_typed(draft, condition)
    left = _count(draft, "typed")
    if left == 0:
        raise TableEmpty(
            f"No row of {raw.name} is left after source.where.", hint="Check that condition."
        )
    settle_duplicates(draft.connection, draft.note, request.on_duplicate, "case" in values)
    _leave_out_undeclared(draft)
    _make_cases(draft, right, request)
    used = _count(draft, "cases")
    if used == 0:
        raise TableEmpty(
            f"{raw.name} has no row with one of the declared options.",
            hint="Compare the charter's options with the choice column.",
        )
    make_value_view(draft)
    seen_for = seen_for_one(draft)
    calendar = "decided_at" in values and not is_running_number(values["decided_at"])
    return (
        profile_of(draft, raw, rows_read=left, rows_used=used, calendar=calendar),
        replace(
            setting_of(draft, right.rule, request.randomised, seen_for=seen_for),
            inputs=make_input_views(draft),
        ),
    )


def _count(draft: Draft, table: str) -> int:
    return int(str(draft.one(f"SELECT count(*) FROM {quoted(table)}")[0]))  # noqa: S608


def _find_roles(
    columns: Mapping[str, ReadColumn], request: ImportRequest
) -> tuple[Roles, dict[str, RoleColumn]]:
    """Roles by flag, then by charter, then guessed; with the value each stands for."""
    charter = request.charter
    declared = dict(charter.source.columns) if charter and charter.source else {}
    named = {**declared, **request.columns}
    values: dict[str, RoleColumn] = {}
    expressions: dict[str, float] = {}
    for role, text in named.items():
        if role not in ROLE_NAMES:
            raise ColumnUnclear(
                f"{role!r} is no role a column can have.",
                hint=f"Roles: {', '.join(ROLE_NAMES)}.",
            )
        if text == NO_COLUMN or text in columns or role in request.columns:
            continue
        value = source_value(text, columns, field=f"source.columns.{role}")
        values[role] = RoleColumn(value, None)
        expressions[role] = 1.0
    roles = guess_roles([c.facts for c in columns.values()], named, expressions=expressions)
    for guess in roles.guesses:
        if guess.role not in values:
            value = source_value(guess.column, columns, field=guess.role)
            values[guess.role] = RoleColumn(value, columns[guess.column])
    return roles, values


def _find_scales(draft: Draft) -> None:
    """Chances in parts of a hundred: most values that are not 0 lie above 1, not just one."""
    roles = [r for r in _numbers(draft, PER_HUNDRED) if draft.values[r].column is not None]
    if not roles:
        return
    counts: list[str] = []
    for value in (draft.values[role].source.value for role in roles):
        counts.append(f"count(CASE WHEN {value} > 1 THEN 1 END)")
        counts.append(f"count(CASE WHEN {value} <> 0 AND {value} <= 1 THEN 1 END)")
    found = draft.one(f"SELECT {', '.join(counts)} FROM given")  # noqa: S608 - our own names
    for place, role in enumerate(roles):
        if int(str(found[2 * place])) > int(str(found[2 * place + 1])):
            draft.values[role] = replace(draft.values[role], per_hundred=True)


def _find_options(draft: Draft) -> None:
    """The allowed answers: the charter's, else what the choice holds; or a quantity."""
    charter, choice = draft.charter, draft.values["choice"]
    if charter is not None and (charter.quantity is not None or charter.options):
        draft.quantity = charter.quantity is not None
        draft.options = charter.options
    elif choice.column is not None and choice.column.facts.quantity:
        advice = draft.values.get("advice")
        partner = advice is None or advice.source.content is Content.NUMBER
        draft.quantity = partner
    if draft.quantity and choice.source.content is not Content.NUMBER:
        raise ColumnUnclear(
            "The charter declares a quantity, and the choice is no number.",
            hint="Name the column with --choice, or declare options.",
        )
    if draft.quantity or draft.options:
        return
    if choice.column is not None and choice.column.facts.two_sided:
        draft.options = ("yes", "no")
        return
    rows = draft.connection.execute(
        f"SELECT DISTINCT {choice.source.text} AS o FROM given "  # noqa: S608 - our own names
        f"WHERE {choice.source.text} IS NOT NULL ORDER BY o LIMIT {MOST_OPTIONS + 1}"
    ).fetchall()
    if len(rows) > MOST_OPTIONS:
        name = draft.roles.column("choice") or "choice"
        raise ColumnUnclear(
            f"The column {name!r} has more than {MOST_OPTIONS} different answers.",
            hint="Name the column that holds the choice with --choice COLUMN.",
        )
    if not rows:
        raise TableEmpty(
            f"The column {draft.roles.column('choice')!r} of choices is empty in every row.",
            hint="Name the column that holds the choice with --choice COLUMN.",
        )
    draft.options = tuple(str(r[0]) for r in rows)


def _make_typed(draft: Draft, condition: str) -> RightSql:
    """The table ``typed``: every role found as its type, inputs of the case, what was right.

    It is the only copy of the rows that is written; what follows from it is worked out on reading.
    """
    cells, said = typed_columns(draft.values, quantity=draft.quantity, options=draft.options)
    draft.treatments.extend(said)
    _note_out_of_range(draft)
    right, right_cells = _right(draft)
    seen = _seen(draft)
    for name in ("outcome", "outcome_number") if seen != "true" else ():
        # An outcome that the charter says is not seen is not known, whatever the cell holds.
        if name in cells:
            cells[name] = f"CASE WHEN r_seen THEN {cells[name]} END"
    cells |= {f"right_{i}": sql for i, sql in enumerate(right_cells)}
    for i in input_places(draft):
        cells |= {f"in_{i}": f"x{i}", f"num_{i}": f"t{i}"}
    for name in KEYS:
        cells.setdefault(name, _nothing(name))
    spoken = [f"{_spoken(draft, role)} AS r_{role}" for role in ("choice", "advice", "prior")]
    stored = ", ".join(f"{sql} AS {name}" for name, sql in cells.items())
    draft.connection.execute(
        f"CREATE TABLE typed AS SELECT {stored} FROM ("  # noqa: S608 - quoted names
        "SELECT *, CASE WHEN r_seen THEN r_said END AS r_outcome FROM ("
        f"SELECT *, {seen} AS r_seen FROM ("
        f"SELECT *, {', '.join(spoken)}, {_outcome(draft)} AS r_said FROM given{condition})))"
    )
    draft.stored = frozenset(cells)
    return right


def _note_out_of_range(draft: Draft) -> None:
    """Count numbers that their column cannot have, such as a chance of -0.2; they become empty."""
    found = {role: draft.values[role] for role in _numbers(draft, BOUNDED)}
    if not found:
        return
    lost = [f"count({f.source.value}) - count({bounded_number(r, f)})" for r, f in found.items()]
    counts = draft.one(f"SELECT {', '.join(lost)} FROM given")  # noqa: S608 - our own names
    for role, count in zip(found, counts, strict=True):
        draft.note("out-of-range", count, draft.roles.column(role) or role)


def _numbers(draft: Draft, roles: tuple[str, ...]) -> list[str]:
    """Those of the roles that were found and hold numbers."""
    values = draft.values
    return [r for r in roles if r in values and values[r].source.content is Content.NUMBER]


def _seen(draft: Draft) -> str:
    outcome = draft.charter.outcome if draft.charter is not None else None
    if outcome is None or outcome.seen_when == "always" or draft.charter is None:
        return "true"
    return declared_condition(
        outcome.seen_when, draft.columns, draft.charter, field="outcome.seen_when"
    )


def _right(draft: Draft) -> tuple[RightSql, list[str]]:
    """The rule for "right", and one condition an option where the charter declares mistakes."""
    charter = draft.charter
    if draft.quantity:
        known = "outcome" in draft.values
        rule = RightRule.DISTANCE if known else RightRule.NONE
        return RightSql(rule=rule, right={}, cost={}), []
    if charter is not None and charter.mistakes and "outcome" in draft.values:
        cells = [
            f"(NOT ({declared_condition(m.when, draft.columns, charter, field=f'mistakes.{m.option}.when')}))"
            for m in charter.mistakes
        ]
        costs = {m.option: m.costs.amount for m in charter.mistakes if m.costs is not None}
        names = {m.option: f"right_{i}" for i, m in enumerate(charter.mistakes)}
        return RightSql(rule=RightRule.MISTAKES, right=names, cost=costs), cells
    names = {option: option for option in draft.options}
    says = "outcome" in draft.values and _outcome_is_an_option(draft)
    if "best" in draft.values:
        return RightSql(rule=RightRule.BEST, right=names, cost={}, outcome_is_option=says), []
    if says:
        return RightSql(rule=RightRule.OUTCOME, right=names, cost={}, outcome_is_option=True), []
    return RightSql(rule=RightRule.NONE, right={}, cost={}), []


def _outcome_is_an_option(draft: Draft) -> bool:
    """Whether every outcome is one of the options, so that it says which was right."""
    sql = option_text(draft.values["outcome"].source, draft.options)
    rows = draft.connection.execute(
        f"SELECT DISTINCT {sql} AS o FROM given WHERE {sql} IS NOT NULL LIMIT {MOST_OPTIONS + 1}"  # noqa: S608
    ).fetchall()
    return bool(rows) and {str(r[0]) for r in rows} <= set(draft.options)


def _spoken(draft: Draft, role: str) -> str:
    found = draft.values.get(role)
    if found is None:
        return "CAST(NULL AS VARCHAR)"
    values = found.column.facts.values if found.column is not None else ()
    return option_text(found.source, draft.options, values)


def _outcome(draft: Draft) -> str:
    """The outcome as the charter types it, for its own conditions."""
    found, charter = draft.values.get("outcome"), draft.charter
    if found is None:
        return "CAST(NULL AS VARCHAR)"
    source: SourceValue = found.source
    kind = charter.outcome.kind if charter is not None and charter.outcome is not None else None
    if kind is OutcomeKind.BOOLEAN:
        return source.value if source.content is Content.BOOLEAN else yes_no(source.text)
    return source.value if kind is OutcomeKind.NUMBER else source.text


def _leave_out_undeclared(draft: Draft) -> None:
    """Rows whose choice is not among the options are left out, and counted."""
    if draft.quantity or not draft.options:
        return
    known = ", ".join(literal(o) for o in draft.options)
    strange = f"choice IS NOT NULL AND choice NOT IN ({known})"
    examples = draft.connection.execute(
        f"SELECT DISTINCT choice FROM typed WHERE {strange} ORDER BY 1 LIMIT 3"  # noqa: S608
    ).fetchall()
    if examples:
        count = draft.one(f"SELECT count(*) FROM typed WHERE {strange}")[0]  # noqa: S608
        draft.note("undeclared-option", count, ", ".join(str(e[0]) for e in examples))
        draft.connection.execute(f"DELETE FROM typed WHERE {strange}")  # noqa: S608


def _make_cases(draft: Draft, right: RightSql, request: ImportRequest) -> None:
    """The view ``cases``: what is stored, what follows from it, and NULL for what is not there.

    A view, since writing every row a second time took longer than all queries that read it.
    """
    middle, first = draft.one("SELECT quantile_disc(decided_at, 0.5), min(decided_at) FROM typed")
    said = _stated(draft, "advice", "advice_confidence", right)
    prior_said = _stated(draft, "prior", "prior_confidence", right)
    wide, alike, narrow = alike_keys(draft)
    names = list(draft.columns)
    kinds = [
        f"in_{names.index(k)}"
        for k in (draft.charter.kinds if draft.charter is not None else ())
        if k in names
    ]
    due = _due(draft)
    late = "advice_at > decided_at" if "advice_at" in draft.values else "CAST(NULL AS BOOLEAN)"
    now = f"TIMESTAMP '{request.as_of:%Y-%m-%d %H:%M:%S}'"
    matured = (
        f"coalesce({due} <= {now}, false) OR outcome IS NOT NULL OR outcome_number IS NOT NULL"
        if due
        else "true"
    )
    derived = {
        "kind": joined(kinds),
        "justification": f"coalesce({late}, false)" if "advice_at" in draft.values else late,
        "outcome_matured": f"({matured})",
        **{f"{who}_right": right.was_right(who) for who in ("choice", "advice", "prior")},
        **{f"{who}_loss": right.loss(who) for who in ("choice", "advice", "prior")},
        **{f"{who}_stake": right.stake(who) for who in ("choice", "advice", "prior")},
        "said": said[0],
        "happened": said[1],
        "prior_said": prior_said[0],
        "prior_happened": prior_said[1],
        "alike_wide": wide,
        "alike": alike,
        "alike_narrow": narrow,
        "late_half": f"(decided_at > TIMESTAMP '{middle}')" if middle else "CAST(NULL AS BOOLEAN)",
        "week": f"floor(epoch(decided_at - TIMESTAMP '{first}') / 604800e0)"
        if first
        else "CAST(NULL AS DOUBLE)",
    }
    if due:
        derived["outcome_due"] = due
    cells = [
        f"{derived.get(c.name) or (c.name if c.name in draft.stored else _nothing(c.name))} AS {c.name}"
        for c in CASE_COLUMNS
    ]
    inputs = [f"in_{i}, num_{i}" for i in input_places(draft)]
    # In the view a name means the column of ``typed``, never one made beside it.
    draft.connection.execute(
        f"CREATE VIEW cases AS SELECT {', '.join([*cells, *inputs])} FROM typed"  # noqa: S608
    )


def _nothing(name: str) -> str:
    """SQL for a column of the case table that this table does not have."""
    return f"CAST(NULL AS {KINDS[name].value})"


def _due(draft: Draft) -> str:
    outcome = draft.charter.outcome if draft.charter is not None else None
    if "outcome_due" in draft.values:
        return "outcome_due"
    if outcome is not None and outcome.due_days is not None and "decided_at" in draft.values:
        return f"(decided_at + to_days({int(outcome.due_days)}))"
    return ""


def _stated(draft: Draft, who: str, confidence: str, right: RightSql) -> tuple[str, str]:
    if confidence not in draft.values:
        return "CAST(NULL AS DOUBLE)", "CAST(NULL AS BOOLEAN)"
    if right.rule is RightRule.NONE and who == "advice" and not draft.quantity:
        return _chance_of_outcome(draft, confidence)
    by = {
        str(option): Stated(float(mean), float(low), float(high))
        for option, mean, low, high in draft.connection.execute(
            f"SELECT {who}, avg({confidence}), min({confidence}), "  # noqa: S608 - our own names
            f"max({confidence}) FROM typed "
            f"WHERE {who} IS NOT NULL AND {confidence} IS NOT NULL GROUP BY 1"
        ).fetchall()
    }
    options = draft.options if set(by) <= set(draft.options) else ()
    known = {option: by.get(option, Stated()) for option in options} if len(by) == 2 else {}
    said, happened, event = stated_probability(confidence, who, options, known, right)
    if event:
        draft.note("confidence-of-option", 1, f"{confidence}: {event}")
    return said, happened


def _chance_of_outcome(draft: Draft, confidence: str) -> tuple[str, str]:
    """The stated chance as that of an outcome that says yes or no, where it rises with it.

    Nothing says which option such an outcome speaks for, so no choice can be right by it; but
    a chance that is higher where the outcome came is the chance of it, and never of the other.
    """
    nothing = "CAST(NULL AS DOUBLE)", "CAST(NULL AS BOOLEAN)"
    if "outcome" not in draft.values:
        return nothing
    came = yes_no("outcome")
    known, read, where_yes, where_no = draft.one(
        f"SELECT count(outcome), count({came}), avg(CASE WHEN {came} THEN {confidence} END),"  # noqa: S608
        f" avg(CASE WHEN NOT {came} THEN {confidence} END) FROM typed"
    )
    if known != read or not isinstance(where_yes, float) or not isinstance(where_no, float):
        return nothing
    if where_yes <= where_no:
        return nothing
    draft.note("confidence-of-outcome", 1, draft.roles.column("outcome") or "outcome")
    return confidence, came

"""Audit one table of past decisions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from shlex import join, quote
from typing import TYPE_CHECKING, Any

from sayso.domain.errors import CharterInvalid, TableUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sayso.declare.charter import Charter
    from sayso.measure.profile import Profile
    from sayso.measure.reading import Reading
    from sayso.present.context import ReportContext
    from sayso.record.segments import CaseTable


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOptions:
    """How an audit is run; nothing here changes a figure but what is documented to.

    Attributes:
        columns: Role to column, as named by the person; ``none`` for "there is no such column".
        on_duplicate: What to do where rows with one case id differ: refuse, last or first.
        randomised: Stated probability that the advice was shown, where a coin decided.
        table: Table in a database that holds several.
        seed: Seed of every random draw.
        team_names: Print the names of teams; None leaves it to the charter.
        system_fonts: Leave the fonts out of the report.
        guess: What the person guessed before looking, per 100.
        command: The command that repeats this report.
        as_of: The moment that counts as now, for outcomes that are not due yet.
        charter_file: The charter's file as the person named it; empty for none.
        name: What to call the table, where its file's name says nothing.
    """

    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    on_duplicate: str = "refuse"
    randomised: float | None = None
    table: str | None = None
    seed: int = 0
    team_names: bool | None = None
    system_fonts: bool = False
    guess: int | None = None
    command: str = ""
    as_of: datetime | None = None
    charter_file: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found, in every form it can be shown.

    In a notebook it shows the report; ``findings`` are sentences, ``figures`` a frame.
    """

    reading: Reading
    context: ReportContext

    def to_html(self) -> str:
        """The report as one self-contained page."""
        from sayso.present.report import render_html

        return render_html(self.reading, self.context)

    def to_json(self) -> dict[str, Any]:  # JSON holds values of every type
        """Everything the report says, as plain values."""
        from sayso.present.report_json import to_json

        return to_json(self.reading, self.context)

    @property
    def verdict(self) -> str:
        """What the advice does to choices, in the fixed words."""
        return str(self.to_json()["verdict"])

    @property
    def headline(self) -> str:
        """The sentence on top of the report."""
        return str(self.to_json()["headline"])

    @property
    def findings(self) -> tuple[str, ...]:
        """The findings as sentences, most important first."""
        return tuple(str(f["sentence"]) for f in self.to_json()["findings"])

    def figures(self) -> Any:  # a pandas or a polars frame, whichever the caller has
        """Every figure, one row each: measure, groups, value, low, high, n, people, grade, word.

        Returns:
            A pandas frame, or a polars one where pandas is not installed.

        Raises:
            TableUnreadable: If neither is installed; ``to_json()["figures"]`` has the same rows.
        """
        rows = [
            {**row, "groups": ", ".join(f"{k}={v}" for k, v in row["groups"].items())}
            for row in self.to_json()["figures"]
        ]
        names = ("measure", "groups", "value", "low", "high", "n", "people", "grade", "word")
        table = {name: [row.get(name) for row in rows] for name in (*names, "status", "unit")}
        try:
            import pandas as pd
        except ModuleNotFoundError:
            try:
                import polars as pl
            except ModuleNotFoundError as error:
                raise TableUnreadable(
                    "A frame needs pandas or polars, and neither is installed.",
                    hint="Install one, or read to_json()['figures'].",
                ) from error
            return pl.DataFrame(table)
        return pd.DataFrame(table)

    def _repr_html_(self) -> str:
        """The report inside a frame, so that its style stays its own."""
        from sayso.present.report import in_frame

        return in_frame(self.to_html())

    def __repr__(self) -> str:
        return f"Audit({self.reading.profile.name!r}: {self.headline})"


def audit(
    source: Any,  # a path, a URL, or a pandas or polars frame
    *,
    charter: str | Path | Charter | None = None,
    seed: int = 0,
    randomised: float | None = None,
    on_duplicate: str = "refuse",
    team_names: bool | None = None,
    **columns: str,
) -> Audit:
    """Audit a table from Python.

    Args:
        source: A file, folder, glob or database URL, or a pandas or polars frame.
        charter: The decision's charter, as a file or a value.
        seed: Seed of every random draw.
        randomised: Stated probability that the advice was shown, where a coin decided.
        on_duplicate: "refuse", "last" or "first", for rows of one case that differ.
        team_names: Print the names of teams.
        **columns: Role to column, such as ``choice="approved"``.

    Returns:
        The audit, with the same content as the command's report.

    Raises:
        SaysoError: If the table or the charter cannot be read; the message says what to do.
    """
    options = AuditOptions(
        columns=columns,
        seed=seed,
        randomised=randomised,
        on_duplicate=on_duplicate,
        team_names=team_names,
    )
    named = str(charter) if isinstance(charter, str | Path) else ""
    return read_table(source, load_charter(charter), replace(options, charter_file=named))


def load_charter(charter: str | Path | Charter | None) -> Charter | None:
    """Read a charter file, or pass a charter on.

    Raises:
        CharterInvalid: If the file has errors of form; the message names the first.
    """
    if charter is None or not isinstance(charter, str | Path):
        return charter
    from sayso.declare.charter_file import read_charter

    path = Path(charter)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CharterInvalid(
            f"Cannot read the charter {path}: {getattr(error, 'strerror', None) or error}.",
            hint="Name a YAML file with --charter.",
        ) from error
    reading = read_charter(text, str(path))
    if reading.charter is None:
        first = reading.problems[0]
        raise CharterInvalid(f"{first}", hint=f"Run `sayso check {path}` for all of them.")
    return reading.charter


def read_table(
    source: Any,  # a path, a URL, or a pandas or polars frame
    charter: Charter | None,
    options: AuditOptions,
    *,
    progress: Callable[[str], None] | None = None,
    before_figures: Callable[[Profile], int | None] | None = None,
) -> Audit:
    """Read a table, its figures and its verdict.

    Args:
        source: What to read.
        charter: The decision's charter.
        options: How.
        progress: Told in words what is being done.
        before_figures: Called with what was read before any figure is known; its answer, if
            any, is what the person guessed.
    """
    from sayso import __version__
    from sayso.adapters.reading_ahead import reading_ahead
    from sayso.adapters.table_source import ImportRequest, open_table
    from sayso.measure.audit import asked, plan, run
    from sayso.measure.catalog.all import CATALOGUE
    from sayso.measure.reading import Reading
    from sayso.measure.verdict import judge
    from sayso.present.context import ReportContext
    from sayso.workspace.assumptions import read_assumptions
    from sayso.workspace.differently import read_differently

    now = options.as_of or datetime.now(UTC)
    of_record = _case_table_in(source)
    if of_record is not None and charter is not None:
        # It has the case table's own columns, whatever the decision's first table had.
        charter = replace(charter, source=None)
    request = ImportRequest(
        source=source,
        charter=charter,
        columns=dict(options.columns),
        on_duplicate=options.on_duplicate,
        randomised=options.randomised,
        table=options.table,
        as_of=now.astimezone(UTC).replace(tzinfo=None),
        progress=progress,
    )
    with open_table(request) as table:
        setting = replace(table.setting, seed=options.seed)
        planned = plan(setting, CATALOGUE)
        profile = _told_of(table.profile, of_record, options)
        guess = before_figures(profile) if before_figures else options.guess

        def told(done: int, of: int) -> None:
            if progress is not None:
                progress(f"{done} of {of} measures done")

        with reading_ahead(table.engine, asked(planned, setting)) as engine:
            figures = run(planned, engine, setting, progress=told)
        figures += read_differently(table, charter, today=now.date())
        figures += read_assumptions(table, charter)
    reading = Reading(
        profile=profile,
        setting=setting,
        figures=figures,
        judgement=judge(figures, setting),
        gaps=planned.gaps,
        charter=charter,
    )
    named = charter is not None and charter.privacy.team_names == "shown"
    context = ReportContext(
        command=options.command,
        version=__version__,
        made_on=now.date(),
        seed=options.seed,
        team_names=named if options.team_names is None else options.team_names,
        system_fonts=options.system_fonts,
        guess=guess,
        charter_file=quote(options.charter_file) if options.charter_file else "",
        table_arguments=_table_arguments(source, options),
    )
    return Audit(reading, context)


def run_audit(
    source: str,
    options: AuditOptions,
    *,
    charter: str | Charter | None = None,
    out: str = "audit.html",
    as_json: bool = False,
    keep_guess: bool = False,
    tell: Callable[[str], None],
    ask: Callable[[str], str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Audit:
    """Audit a table, write the report and say what it found.

    Args:
        source: What to read: a file, folder, glob or database URL.
        options: How.
        charter: The decision's charter, as a file or a value.
        out: Where the report goes.
        as_json: Say everything as JSON instead, and write a report only where ``out`` differs
            from its default.
        keep_guess: Store the person's guess in the report.
        tell: Takes each text meant for the person.
        ask: Asks the person one question; None where nobody is at a terminal.
        progress: Told in words what is being done.
    """
    import json

    from sayso.present.terminal import columns_text, findings_text, guess_question
    from sayso.workspace.files import write_whole
    from sayso.workspace.standings import keep_standings

    def before_figures(profile: Profile) -> int | None:
        if as_json:
            return None
        tell(columns_text(profile))
        question = guess_question(profile)
        return _guessed(ask(question)) if ask and question else None

    found = read_table(
        source,
        load_charter(charter),
        replace(options, charter_file=charter) if isinstance(charter, str) else options,
        progress=progress,
        before_figures=before_figures,
    )
    named = charter if isinstance(charter, str) else options.charter_file
    if named and found.reading.charter is not None:
        keep_standings(
            Path(named),
            found.reading.charter,
            found.reading.figures,
            table=found.reading.profile.name,
            today=found.context.made_on,
        )
    kept = found if keep_guess else replace(found, context=replace(found.context, guess=None))
    if as_json:
        tell(json.dumps(kept.to_json(), ensure_ascii=False, indent=2, allow_nan=False))
    if not as_json or out != "audit.html":
        write_whole(Path(out), kept.to_html())
    if not as_json:
        tell(findings_text(found.reading, found.context, out))
    return found


def _case_table_in(source: Any) -> CaseTable | None:
    """Which record a table was made of; None where it says of none."""
    if not isinstance(source, str | Path) or not str(source).endswith(".parquet"):
        return None
    from sayso.adapters.segment_files import said_in
    from sayso.record.segments import CaseTable

    said = said_in(Path(source))
    return None if said is None else CaseTable.parse(said)


def _told_of(profile: Profile, table: CaseTable | None, options: AuditOptions) -> Profile:
    """What was read, with the record that it was made of, and up to which head."""
    from sayso.measure.profile import Treatment

    if table is not None:
        detail = f"{table.origin}, root {table.root[:16]}"
        made = Treatment(code="of-record", count=table.size, detail=detail)
        profile = replace(profile, treatments=(made, *profile.treatments))
    return replace(profile, name=options.name) if options.name else profile


def _table_arguments(source: Any, options: AuditOptions) -> str:
    """The table and its columns as a command names them; empty for a frame and for a record."""
    if not isinstance(source, str | Path) or options.name:
        return ""
    flags = (
        part
        for role, column in options.columns.items()
        for part in (f"--{role.replace('_', '-')}", column)
    )
    return join([str(source), *flags])


def _guessed(answer: str) -> int | None:
    """A guess in 0..100, or None for anything else: skipping is always allowed."""
    digits = answer.strip().removesuffix("%").strip()
    return int(digits) if digits.isdecimal() and int(digits) <= 100 else None


__all__ = ["Audit", "AuditOptions", "audit", "load_charter", "read_table", "run_audit"]

"""What the command says at a terminal: columns first, then the findings."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from sayso.measure.profile import Certainty
from sayso.present.findings import findings
from sayso.present.numbers import count, on_day
from sayso.present.telling import telling_of, words_for_teams

if TYPE_CHECKING:
    from sayso.measure.profile import Profile, RoleGuess
    from sayso.measure.reading import Reading
    from sayso.present.context import ReportContext
    from sayso.present.section import StripChart
    from sayso.present.telling import Telling

WIDTH = 78
FULL = 0.995
LOOKED_FOR = ("decider", "advice", "outcome")
NONE = "none found"


def columns_text(profile: Profile) -> str:
    """What was read and what each column was taken to mean, with the flag that corrects it."""
    read = f"  Read {count(profile.rows_used)} decisions{_period(profile)}."
    lines = [read]
    if profile.roles:
        role = max(len(_flag(guess.role)) for guess in profile.roles)
        column = min(28, max(len(guess.column) for guess in profile.roles))
        lines += [_guess_line(guess, role, column) for guess in profile.roles]
        missing = [r for r in LOOKED_FOR if profile.column_of(r) is None]
        lines += [f"    {r:<{role}}  {NONE:<{column}}  name one: --{r} COLUMN" for r in missing]
    return plain("\n".join(lines))


def guess_question(profile: Profile) -> str | None:
    """What a person is asked to guess before any figure; None where no figure would answer."""
    if profile.teams >= 2:
        team, _ = words_for_teams(profile)
        asked = f"of 100 alike cases, how many would another {team}\n  decide differently?"
    elif profile.column_of("shown") or profile.column_of("prior"):
        asked = "of 100 choices, how many move with the AI’s advice?"
    else:
        return None
    return f"\n  Before you look: {asked}  [guess, or Enter to skip] "


def findings_text(reading: Reading, context: ReportContext, out: str) -> str:
    """The headline, its strips as lines, and where the rest is.

    Args:
        reading: What was found.
        context: How it was made, with the person's guess.
        out: Where the report was written.
    """
    told = findings(reading, context)
    telling = telling_of(told.reading, team_names=True)
    lines = ["", _wrapped(told.headline.text)]
    if told.hero is not None:
        lines += _strip_lines(telling, told.hero, context.guess)
    elif told.sections:
        lines.append(_wrapped(told.sections[0].lead[0].text, indent=4))
    lines += ["", _wrapped(told.verdict.text)]
    more, unknown = max(0, len(told.leading) - 1), len(told.unknown)
    findings_word = "finding" if more == 1 else "findings"
    things = "thing" if unknown == 1 else "things"
    lines += [
        "",
        f"  {more} more {findings_word}, {unknown} {things} this file cannot tell you:  {out}",
        "  Nothing left this computer.",
    ]
    return plain("\n".join(lines))


def plain(text: str) -> str:
    """Text without control characters, so that a cell cannot steer the terminal."""
    return "".join(c if c == "\n" or c.isprintable() else "?" for c in text)


def _period(profile: Profile) -> str:
    if not (profile.calendar and profile.since and profile.until):
        return ""
    since = on_day(profile.since)
    if profile.since.year == profile.until.year:
        since = since.rsplit(" ", 1)[0]
    return f", {since} to {on_day(profile.until)}"


def _guess_line(guess: RoleGuess, role: int, column: int) -> str:
    flag = _flag(guess.role)
    name = guess.column if len(guess.column) <= column else f"{guess.column[: column - 1]}…"
    line = f"    {flag:<{role}}  {name:<{column}}  {guess.certainty.value:<8}"
    notes: list[str] = []
    if guess.certainty is not Certainty.SURE:
        notes.append(f"wrong? --{flag} COLUMN or --{flag} none")
    if guess.filled < FULL:
        notes.append(f"{_of_hundred(guess.filled)} in 100 filled")
    return f"{line}  {', '.join(notes)}".rstrip()


def _of_hundred(share: float) -> str:
    return "under 1" if 0 < share < 0.005 else count(share * 100)


def _flag(role: str) -> str:
    return role.replace("_", "-")


def _strip_lines(telling: Telling, hero: StripChart, guess: int | None) -> list[str]:
    labels = [strip.label.text.removeprefix("…") for strip in hero.strips]
    wide = max(len(label) for label in labels)
    lines: list[str] = []
    for index, (label, strip) in enumerate(zip(labels, hero.strips, strict=True)):
        number = telling.number(strip.figure, size=True)
        word = strip.figure.word.value.lower() if strip.figure.word else ""
        guessed = ""
        if guess is not None and index == len(hero.strips) - 1:
            guessed = f"   you guessed {guess}"
        lines.append(f"    {label:<{wide}}  {number.full:<20}  {word}{guessed}".rstrip())
    return lines


def _wrapped(text: str, *, indent: int = 2) -> str:
    pad = " " * indent
    return fill(text, WIDTH, initial_indent=pad, subsequent_indent=pad)

"""Opening a round: what it needs of a charter, and the links it makes."""

from __future__ import annotations

import errno
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from sayso.align.considerations import considerations_of
from sayso.align.round import FEWEST, MOST, Form, Round, SettleBy
from sayso.declare.charter import FewDeciders, OutcomeKind
from sayso.declare.charter_file import read_charter
from sayso.declare.fingerprint import fingerprint
from sayso.declare.lint import lint
from sayso.declare.problem import Severity
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import (
    CharterInvalid,
    CharterNotFound,
    FileNotWritable,
    InvalidReference,
    RoundRefused,
)
from sayso.workspace.charters import charter_files, reading_of, text_of
from sayso.workspace.files import write_whole
from sayso.workspace.links import BYTES, links_of, token_of
from sayso.workspace.private_file import LOCK, UNFINISHED
from sayso.workspace.pseudonyms import KEY_BYTES, make_key
from sayso.workspace.round_store import (
    ANSWERS,
    ROUND,
    ROUNDS,
    FrozenRound,
    round_text,
    write_links,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sayso.align.considerations import Consideration
    from sayso.align.round import RoundCase
    from sayso.declare.charter import Charter
    from sayso.declare.problem import Place
    from sayso.workspace.round_cases import ChosenCases

CHARTERS = "charters"
DAYS_OPEN = 14
# With the charter's consent; two people who see a result know each other's answer.
FEWEST_CONSENTED = 2
MOST_CASES = 20
# Seven things are 21 pairs; more is not answered in eight minutes.
MOST_IN_PAIRS = 7
# A round asks who is accountable, so a charter without one owner may be asked about.
ASKED_IN_THE_ROUND = frozenset({"SAY201", "SAY204"})
# Where nothing is weighed, no option is chosen, so it does not matter yet what they are.
NOT_ASKED_YET = frozenset({"SAY207", "SAY208", "SAY209", "SAY210"})
IGNORED = """\
# Whoever commits answers as they arrive shows in which order, and so perhaps whose they are.
links.json
answers/
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedRound:
    """A round that was just opened.

    Attributes:
        round: The round.
        links: The tokens, one a person. They are kept nowhere; whoever loses them makes new ones.
        left_out: What matters but states no range, so that nobody can be asked to weigh it.
    """

    round: Round
    links: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def open_round(
    folder: Path,
    charter: str,
    *,
    today: date,
    cases: str | None = None,
    n: int = 12,
    invite: int = 8,
    form: Form = Form.POINTS,
    settle: SettleBy = SettleBy.OWNER,
    quorum: float = 0.6,
    closes: date | None = None,
    seed: int = 0,
) -> OpenedRound:
    """Freeze a round about one version of a charter, and make one link a person.

    Args:
        folder: The workspace.
        charter: A charter's file, its slug, or ``slug@version``.
        today: The day.
        cases: A table of past cases to choose from; invented cases where None.
        n: Cases that everybody chooses in, 0 to 20, repeats not counted; none where the charter
            says nothing of what matters.
        invite: People, 5 to 15; from 2 on where the charter consents to few.
        form: How people say what matters.
        settle: Who may settle what stays open.
        quorum: Share of the invited that must have answered before anybody settles, in 0..1.
        closes: First day on which no answer is taken; in 14 days where None.
        seed: Seed of the choice of cases.

    Raises:
        CharterNotFound: If there is no such charter.
        CharterInvalid: If it has errors.
        RoundRefused: If the round cannot be held as asked; the hint says what to change.
        FileNotWritable: If the workspace does not take it.
    """
    askable = asked_about(folder, charter, today)
    declared, weighed = askable.charter, askable.weighed
    n = n if weighed else 0
    if form is Form.PAIRS and len(weighed) > MOST_IN_PAIRS:
        pairs = len(weighed) * (len(weighed) - 1) // 2
        raise RoundRefused(
            f"{declared.ref} weighs {len(weighed)} things; in pairs that is {pairs} questions.",
            hint="Use --form points.",
        )
    if settle is SettleBy.VETO and not declared.rights.veto:
        raise RoundRefused(
            f"{declared.ref} gives no role a veto, so nobody could stop anything.",
            hint="Name the role under `rights`, as in `veto: [works-council]`, or use --settle consent.",
        )
    least, last = _least(declared), closes or today + timedelta(days=DAYS_OPEN)
    _refuse_what_cannot_be_held(
        invite=invite, least=least, n=n, quorum=quorum, days=(last - today).days
    )
    chosen = _cases(declared, cases, n=n, seed=seed)
    drawn = chosen.cases
    round_ = Round(
        id="",
        charter=declared.ref,
        fingerprint=fingerprint(declared),
        question=declared.question or "",
        options=declared.options,
        considerations=weighed,
        event=_event(declared, drawn),
        cases=drawn,
        form=form,
        settle=settle,
        quorum=quorum,
        invited=invite,
        opened=today,
        closes=last,
        least=least,
        seed=seed,
    )
    make_key(folder, secrets.token_bytes(KEY_BYTES), day=today)
    tokens = tuple(token_of(secrets.token_bytes(BYTES)) for _ in range(invite))
    return OpenedRound(
        round=_kept(folder, _frozen(round_, askable.text, chosen), tokens),
        links=tokens,
        left_out=_without_range(declared),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Askable:
    """A charter that people can be asked about.

    Attributes:
        charter: What it says.
        text: Its text.
        weighed: What they share a hundred points over. Empty on the first day, where the charter
            says nothing yet of what matters: then they say who is accountable and what it is for.
    """

    charter: Charter
    text: str
    weighed: tuple[Consideration, ...]


def asked_about(folder: Path, charter: str, today: date) -> Askable:
    """What a round about a charter would ask.

    Args:
        folder: The workspace.
        charter: As of ``open_round``.
        today: The day.

    Raises:
        CharterNotFound: If there is no such charter.
        CharterInvalid: If it has errors in what people would be asked.
        RoundRefused: If it says what matters, but not so that it can be weighed.
    """
    file = _charter_file(folder, charter)
    text = text_of(file)
    declared, places = _without_errors(text, file, today)
    return Askable(charter=declared, text=text, weighed=_what_is_weighed(declared, places, file))


def _charter_file(folder: Path, said: str) -> Path:
    """The file of a charter named by path, slug or version; of a slug, the latest version."""
    for file in (Path(said), folder / said):
        if file.is_file():
            return file
    if said.endswith((".yaml", ".yml")):
        raise CharterInvalid(f"There is no file {said}.", hint="Name a charter's file or slug.")
    inside = folder / CHARTERS
    known: list[tuple[CharterRef, Path]] = []
    broken: list[Path] = []
    for file in charter_files(inside) if inside.is_dir() else []:
        charter = reading_of(file).charter
        if charter is None:
            broken.append(file)
        else:
            known.append((charter.ref, file))
    try:
        wanted = CharterRef.parse(said)
        found = [(ref, file) for ref, file in known if ref == wanted]
    except InvalidReference:
        found = [(ref, file) for ref, file in known if ref.slug == said]
    if found:
        return max(found)[1]
    # Its errors are said where it is read.
    for file in broken:
        if file.stem == said.partition("@")[0]:
            return file
    names = sorted({ref.slug for ref, _ in known} | {str(ref) for ref, _ in known})
    raise CharterNotFound(said, names)


def _without_errors(text: str, file: Path, today: date) -> tuple[Charter, Mapping[str, Place]]:
    reading = read_charter(text, str(file))
    problems = reading.problems
    if reading.charter is not None:
        open_ = ASKED_IN_THE_ROUND | (frozenset() if reading.charter.matters else NOT_ASKED_YET)
        problems = tuple(
            p
            for p in (*problems, *lint(reading.charter, reading.places, today=today))
            if p.code not in open_
        )
    errors = sorted(p for p in problems if p.severity is Severity.ERROR)
    if reading.charter is None or errors:
        more = f"; {len(errors) - 1} more" if len(errors) > 1 else ""
        raise CharterInvalid(
            f"{errors[0].place}: {errors[0].code} {errors[0].message}{more}",
            hint=f"{errors[0].hint} `sayso check {file}` lists all.",
        )
    return reading.charter, reading.places


def _what_is_weighed(
    charter: Charter, places: Mapping[str, Place], file: Path
) -> tuple[Consideration, ...]:
    """What people share a hundred points over: nothing, or two things with stated ranges and more."""
    if not charter.matters:
        return ()
    if len(charter.options) < 2:
        place = places.get("quantity", file)
        raise RoundRefused(
            f"{place}: {charter.ref} is decided by a quantity; a round asks for one of a few options.",
            hint="Write `options: [one, another]` in place of `quantity:`.",
        )
    weighed = considerations_of(charter)
    if len(weighed) >= 2:
        return weighed
    without = _without_range(charter)
    if without:
        i = next(i for i, o in enumerate(charter.matters) if o.name == without[0])
        place = places.get(f"matters[{i}]", file)
        raise RoundRefused(
            f"{place}: {without[0]!r} states no range, so nobody can say what all of it is worth; "
            "a round weighs at least two things that do.",
            hint=f"Write `- {{name: {without[0]}, range: [310, 0], unit: EUR}}`: the worst that is "
            "realistic, then the best.",
        )
    raise RoundRefused(
        f"{places.get('matters', file)}: {charter.ref} names one thing that matters; a round weighs "
        "at least two things against each other.",
        hint="Write under `matters:`, a line for each, `- {name: parts not wasted, "
        "range: [310, 0], unit: EUR}`: the worst that is realistic, then the best.",
    )


def _without_range(charter: Charter) -> tuple[str, ...]:
    ranged = {c.name for c in considerations_of(charter)}
    return tuple(o.name for o in charter.matters if o.name not in ranged)


def _least(charter: Charter) -> int:
    """Answers below which nothing is shown; the charter may raise it, and consent to few."""
    privacy = charter.privacy
    if privacy.few_deciders is FewDeciders.REFUSE:
        return max(FEWEST, privacy.minimum_people)
    return FEWEST_CONSENTED


def _refuse_what_cannot_be_held(
    *, invite: int, least: int, n: int, quorum: float, days: int
) -> None:
    if invite > MOST:
        raise RoundRefused(
            f"{invite} people are too many for one round: a round is for {FEWEST} to {MOST}.",
            hint=f"Invite {MOST}, or open several rounds.",
        )
    if invite < least:
        consent = (
            " If all who are asked agree to be few, write `privacy: {few_deciders: consented}`."
            if least == FEWEST
            else ""
        )
        raise RoundRefused(
            f"{invite} answers would never be shown; {least} are needed before anybody sees any.",
            hint=f"Invite at least {least}.{consent}",
        )
    if not 0 <= n <= MOST_CASES:
        raise RoundRefused(
            f"{n} cases cannot be asked; 0 to {MOST_CASES} can.",
            hint="A dozen take about five minutes: -n 12.",
        )
    if not 0 <= quorum <= 1:
        raise RoundRefused(
            f"A quorum of {quorum:g} is no share of those invited.", hint="Write --quorum 0.6."
        )
    if days < 1:
        raise RoundRefused(
            "The round would be over before anybody could answer.",
            hint="Give --closes a day after today; it is the first on which nothing is taken.",
        )


def _cases(charter: Charter, table: str | None, *, n: int, seed: int) -> ChosenCases:
    from sayso.workspace.round_cases import choose_cases

    return choose_cases(charter, table, n, seed)


def _event(charter: Charter, cases: tuple[RoundCase, ...]) -> str:
    """What may happen in a case, in words; "" where people are not asked how likely it is.

    A case that says what each option brings leaves nothing to believe.
    """
    outcome = charter.outcome
    if outcome is None or outcome.kind is not OutcomeKind.BOOLEAN:
        return ""
    asked = bool(cases) and not any(case.brings for case in cases)
    return outcome.name.replace("_", " ") if asked else ""


def _frozen(round_: Round, charter_text: str, chosen: ChosenCases) -> FrozenRound:
    """The round with what its cases would bring, to the sixth decimal."""
    if chosen.values is None:
        return FrozenRound(round_, charter_text)
    values = tuple(
        tuple(tuple(tuple(round(float(v), 6) for v in s) for s in o) for o in c)
        for c in chosen.values
    )
    return FrozenRound(round_, charter_text, values, chosen.states)


def _kept(folder: Path, frozen: FrozenRound, tokens: tuple[str, ...]) -> Round:
    """Write the round under the first free number; it appears whole or not at all."""
    inside = folder / ROUNDS
    building: Path | None = None
    try:
        inside.mkdir(exist_ok=True)
        building = Path(mkdtemp(dir=inside, prefix=UNFINISHED))
        building.chmod(0o755)
        (building / ANSWERS).mkdir(mode=0o700)
        (building / LOCK).touch(mode=0o600)
        (building / ".gitignore").write_text(IGNORED, encoding="utf-8")
        number = 1
        while True:
            named = replace(frozen.round, id=f"{frozen.round.charter.slug}-{number}")
            write_whole(building / ROUND, round_text(replace(frozen, round=named)))
            write_links(building, links_of(tokens), day=named.opened)
            if not (inside / named.id).exists():
                try:
                    building.rename(inside / named.id)
                except OSError as error:
                    if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                        raise
                else:
                    return named
            number += 1
    except OSError as error:
        raise FileNotWritable(
            f"Cannot write {inside}: {error.strerror}.", hint="Check that it may be written."
        ) from error
    finally:
        if building is not None:
            rmtree(building, ignore_errors=True)

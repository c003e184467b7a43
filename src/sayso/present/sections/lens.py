"""Which inputs choices use, which tell about outcomes, and where the advice is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import NotEnoughData
from sayso.domain.figure import Unit
from sayso.present.numbers import count, series
from sayso.present.section import Line, Row, RowChart, Section
from sayso.present.sentence import Tone, joined, say
from sayso.present.telling import PAST_LINE, estimate_of, how_many_more

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.present.sentence import Sentence
    from sayso.present.telling import Telling

MOST_NAMED = 4
CLAIMS = {
    "used the other way round": "Choices use {input} the other way round",
    "used, not useful": "Choices lean on {input}, which tells too little",
    "useful, not used": "Choices hardly use {input}, which tells about outcomes",
}
CLAIM_FIT = "What choices lean on is what tells about outcomes"
CLAIM_UNCLEAR = "Which inputs choices use, and which tell about outcomes"
KINDS = {
    "used the other way round": (
        "Used, but outcomes point the other way: {inputs}. The other inputs being equal, one usual "
        "step moves choices by {used} and what was right by {useful}."
    ),
    "used, not useful": (
        "Used, and telling too little about outcomes to matter: {inputs}. One usual step goes with "
        "{used} in choices and {useful} in what was right."
    ),
    "useful, not used": (
        "Telling about outcomes, and hardly used: {inputs}. One usual step goes with {useful} in "
        "what was right and {used} in choices."
    ),
}
BOTH = "Used, and telling about outcomes: {inputs}."
NEITHER = "Neither used nor telling enough to matter: {inputs}."
UNCLEAR = "Not clear yet: {inputs}."
MODEL = (
    "A plain formula that repeats what these choices do on average follows outcomes more closely "
    "than the choices themselves, by {k} as a correlation; most of that is averaging over people."
)
SPREAD = (
    "People weigh the inputs differently: on the same case, that alone spreads choices by {k}, as "
    "a standard deviation."
)
STEP = "A usual step is one standard deviation of the input; for categories, their usual spread."
OTHER_CAUSES = (
    "Weights go with choices and outcomes; inputs that come together share what they tell, and "
    "what nobody recorded is not here."
)
PICKED = "Counted over {n}."
TERM = "Linear policies of choices and outcomes; 95% ranges, Holm over all inputs at 5 in 100."
NOT_YET = "Not enough yet to say which inputs are used and which are useful: {missing}."


def lens(telling: Telling) -> Section | Line | None:
    """The section on inputs; a line where there is not enough, None where it cannot apply."""
    used = [f for f in telling.with_value("input-used", "input") if _twin(telling, f) is not None]
    if not used:
        found = telling.reading.figure("lens-achievement", of="choice")
        if found is None or not isinstance(found.answer, NotEnoughData):
            return None
        return Line(key="inputs", says=say(NOT_YET, missing=how_many_more(found.answer)))
    by_kind: dict[str, list[Figure]] = {}
    for figure in sorted(used, key=lambda f: -abs(estimate_of(f).value)):
        by_kind.setdefault(str(figure.note("kind")), []).append(figure)
    kind = next((k for k in CLAIMS if k in by_kind), None)
    primary = by_kind[kind][0] if kind is not None else used[0]
    leads = kind in ("used the other way round", "used, not useful") and primary.word in PAST_LINE
    return Section(
        key="inputs",
        claim=_claim(kind, primary, by_kind),
        lead=(joined(*_kinds(telling, by_kind)), *_more(telling)),
        charts=(_chart(telling, used),),
        note=_note(telling, primary),
        term=TERM,
        word=primary.word if leads else None,
        primary=primary,
        leads=leads,
    )


def _twin(telling: Telling, used: Figure) -> Figure | None:
    return telling.figure("input-useful", input=used.group("input") or "")


def _name(figure: Figure) -> str:
    return (figure.group("input") or "").replace("_", " ")


def _short(name: str) -> str:
    """A name that leaves room for the claim's own words."""
    words = name.split()
    return name if len(words) <= 3 else f"{' '.join(words[:3])} …"


def _claim(kind: str | None, primary: Figure, by_kind: dict[str, list[Figure]]) -> Sentence:
    if kind is not None:
        return say(CLAIMS[kind], input=_short(_name(primary)))
    return say(CLAIM_FIT if "used and useful" in by_kind else CLAIM_UNCLEAR)


def _kinds(telling: Telling, by_kind: dict[str, list[Figure]]) -> list[Sentence]:
    told: list[Sentence] = []
    for kind, text in KINDS.items():
        for figure in by_kind.get(kind, [])[:MOST_NAMED]:
            twin = _twin(telling, figure)
            if twin is not None:
                told.append(
                    say(
                        text,
                        inputs=_name(figure),
                        used=telling.cite(figure),
                        useful=telling.cite(twin),
                    )
                )
    for kind, text in (("used and useful", BOTH), ("neither", NEITHER), ("not clear", UNCLEAR)):
        if kind in by_kind:
            names = [_name(f) for f in by_kind[kind]]
            more = len(names) - MOST_NAMED
            shown = names[:MOST_NAMED] + ([f"{count(more)} more"] if more > 0 else [])
            told.append(say(text, inputs=series(shown)))
    return told


def _more(telling: Telling) -> tuple[Sentence, ...]:
    told: list[Sentence] = []
    gain = telling.figure("lens-model-gain", of="choice")
    if gain is not None and estimate_of(gain).low > 0:
        told.append(say(MODEL, k=telling.cite(gain)))
    spread = telling.figure("policy-spread")
    if spread is not None and estimate_of(spread).low > 0:
        told.append(say(SPREAD, k=telling.cite(spread)))
    return (joined(*told),) if told else ()


def _chart(telling: Telling, used: list[Figure]) -> RowChart:
    rows = tuple(
        Row(
            label=_name(f),
            figure=f,
            tone=Tone.PEOPLE,
            said=estimate_of(twin).value if (twin := _twin(telling, f)) is not None else None,
        )
        for f in used
    )
    amount = used[0].unit is Unit.AMOUNT
    return RowChart(
        title=say("What choices use, and what tells about outcomes"),
        subtitle="Per usual step of an input" + ("" if amount else ", in cases of 100"),
        head="Input",
        value_head=telling.unit_of(used[0]),
        rows=rows,
        open_key="what it tells about what was right",
        filled_key="what choices use, with its range",
        open_tone=Tone.BOTH,
        wide=amount,
    )


def _note(telling: Telling, primary: Figure) -> tuple[Sentence, ...]:
    notes = [say(PICKED, n=telling.counted(primary)), say(STEP), say(OTHER_CAUSES)]
    if (about := telling.population(primary)) is not None:
        notes.append(about)
    return tuple(notes)


USES = {
    "moved to": ("Where first views differ from the advice, they move to it", "moved to"),
    "followed": ("Choices match the advice", "followed"),
    "opened": ("The advice is opened", "opened"),
}
CLAIM_USE = {
    "opened": "The advice is opened less in some kinds of case",
    "moved to": "People listen to the advice more in some kinds of case",
    "followed": "Choices match the advice more in some kinds of case",
}
EVEN = {
    "opened": "The advice is opened about alike in all kinds of case.",
    "moved to": "People move to the advice about alike in all kinds of case.",
    "followed": "Choices match the advice about alike in all kinds of case.",
}
EITHER = {
    "opened": "Whether the advice is opened more in some kinds of case could go either way.",
    "moved to": "Whether people listen to the advice more in some kinds of case could go either way.",
    "followed": "Whether choices match the advice more in some kinds of case could go either way.",
}
MOST = "{use} most in {kind}: {k}."
LEAST = "{use} least in {kind}: {k}."
WHY = "A kind may differ in how good or how plain the advice is there; this does not say why."
TERM_USE = "Share by kind against all other kinds within each decider; Holm at 5 in 100."


def selective_use(telling: Telling) -> Section | Line | None:
    """Where the advice is opened, moved to or followed; a line where kinds do not differ."""
    found = [f for f in telling.reading.all_of("selective-use") if f.estimate is not None]
    for use in USES:
        mine = [f for f in found if f.group("use") == use]
        apart = [f for f in mine if f.note("apart") is True]
        if len(mine) < 2:
            continue
        tested = [f for f in mine if f.note("apart") is not None]
        if not apart and len(tested) < len(mine):
            continue
        if not apart:
            alike = all(f.note("alike") is True for f in mine)
            return Line(key="selective-use", says=say((EVEN if alike else EITHER)[use]))
        ordered = sorted(mine, key=lambda f: -estimate_of(f).value)
        told: list[Sentence] = []
        for text, figure in ((MOST, ordered[0]), (LEAST, ordered[-1])):
            kind = f"{telling.kind_label.lower().removeprefix('kind: ')}{figure.group('kind')}"
            told.append(say(text, use=USES[use][0], kind=kind, k=telling.cite(figure)))
        return Section(
            key="selective-use",
            claim=say(CLAIM_USE[use]),
            lead=(joined(*told, say(WHY)),),
            charts=(
                RowChart(
                    title=say("Where the advice is used"),
                    subtitle="Per 100 cases of each kind",
                    head="Kind of case",
                    value_head="per 100",
                    rows=tuple(
                        Row(label=f.group("kind") or "", figure=f, tone=Tone.AI) for f in ordered
                    ),
                ),
            ),
            note=(say(PICKED, n=telling.counted(ordered[0])),),
            term=TERM_USE,
            word=None,
            primary=ordered[0],
            leads=False,
        )
    return None

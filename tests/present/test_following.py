"""What is said of what choices follow, inputs, momentum and attention, whatever the figures are."""

from __future__ import annotations

import pytest

from sayso.domain.figure import Unit
from sayso.domain.grade import Grade
from sayso.measure.reading import Reading
from sayso.present.findings import findings
from sayso.present.report import render_html
from sayso.present.report_json import to_json
from tests.present import random_readings
from tests.present.random_readings import NASTY, random_reading
from tests.present.readings import CONTEXT
from tests.present.test_sentences import CAUSAL, said

BLOCKS = ("first view", "advice", "superior", "last choice", "person", "case")
QUARTERS = ({"quarter": "1"}, {"quarter": "2"}, {"quarter": "3"})
OURS = (
    ("follows", Unit.COEFFICIENT, ({},)),
    ("follows-share", Unit.SHARE, tuple({"block": b} for b in BLOCKS)),
    ("follows-differ", Unit.SHARE, tuple({"block": b} for b in BLOCKS)),
    ("follows-beyond-first-view", Unit.COEFFICIENT, ({},)),
    ("follows-moves", Unit.NET_SHARE, ({"towards": "advice"}, {"towards": "superior"})),
    ("follows-weight", Unit.COEFFICIENT, ({"of": "advice"}, {"of": "superior"})),
    ("input-used", Unit.NET_SHARE, tuple({"input": n} for n in NASTY)),
    ("input-useful", Unit.NET_SHARE, tuple({"input": n} for n in NASTY)),
    ("lens-model-gain", Unit.COEFFICIENT, ({"of": "choice"},)),
    ("policy-spread", Unit.NET_SHARE, ({},)),
    ("selective-use", Unit.SHARE, tuple({"use": "followed", "kind": n} for n in NASTY)),
    ("momentum", Unit.NET_SHARE, ({},)),
    ("influence-by-quarter", Unit.NET_SHARE, QUARTERS),
    ("reliance-by-quarter", Unit.SHARE, QUARTERS),
    ("rubber-stamp", Unit.SHARE, ({},)),
    ("taken-wrong", Unit.SHARE, ({"pace": "fast"}, {"pace": "slow"})),
    ("streaks", Unit.SHARE, ({},)),
    ("streaks-beyond-chance", Unit.NET_SHARE, ({},)),
    ("seconds", Unit.SECONDS, ({"arm": "with advice"}, {"arm": "without"})),
    ("seconds-with-advice", Unit.SECONDS, ({},)),
    ("commission", Unit.NET_SHARE, ({},)),
    ("commission-ratio", Unit.COEFFICIENT, ({},)),
    ("commission-from-first-view", Unit.NET_SHARE, ({},)),
    ("omission", Unit.SHARE, ({},)),
    ("omission-apart", Unit.NET_SHARE, ({},)),
    ("omission-from-first-view", Unit.NET_SHARE, ({},)),
    ("planted-taken", Unit.SHARE, ({},)),
)
NOTES = {
    "momentum": ("state", ("growing", "fading", "level", "not clear")),
    "input-used": (
        "kind",
        ("used and useful", "used, not useful", "useful, not used", "neither", "not clear",
         "used the other way round"),
    ),
    "selective-use": ("apart", (True, False)),
    "follows": ("ahead", (True, False)),
    "streaks-beyond-chance": ("chance", (0.2,)),
}  # fmt: skip


@pytest.fixture(params=range(30))
def reading(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Reading:
    """A reading of our figures and the others, at random, with the notes that pick sentences."""
    from dataclasses import replace
    from random import Random

    monkeypatch.setattr(random_readings, "SHAPES", (*random_readings.SHAPES[:12], *OURS))
    made = random_reading(request.param)
    dice = Random(request.param)
    figures = tuple(
        replace(f, notes=((NOTES[f.measure][0], dice.choice(NOTES[f.measure][1])),))
        if f.measure in NOTES
        else f
        for f in made.figures
    )
    return replace(made, figures=figures)


def test_claims_are_short_and_people_few_are_named(reading: Reading):
    for section in findings(reading, CONTEXT).sections:
        assert len(section.claim.text.split()) <= 12, section.claim.text
        if section.primary is None or section.primary.estimate is None:
            continue
        if section.primary.estimate.people in (1, 3):
            assert "these cases" in section.lead[0].text


def test_only_what_a_coin_decided_is_said_to_move_anything(reading: Reading):
    if any(f.grade is Grade.RANDOMISED for f in reading.figures):
        return
    text = said(reading)
    for allowed in ("or the cases changed", "change your mind", "Keep, change or retire"):
        text = text.replace(allowed, "")
    assert not CAUSAL.search(text), CAUSAL.search(text)
    assert "makes choices" not in text
    assert "makes a decision" not in text


def test_every_printed_figure_is_in_the_data_and_nothing_breaks_the_page(reading: Reading):
    page, data = render_html(reading, CONTEXT), to_json(reading, CONTEXT)
    keys = {figure["key"] for figure in data["figures"]}
    told = findings(reading, CONTEXT)
    cited = {k for s in told.sections for t in (s.claim, *s.lead, *s.note) for k in t.keys}
    assert cited <= keys
    assert "<script>alert" not in page

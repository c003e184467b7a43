"""Readings made by hand, one for each kind of table the report must tell."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sayso.declare.charter import Charter, FewDeciders, Quantity, Rights
from sayso.domain.answer import Answer, CannotTell, Estimate, NotEnoughData, Population, Range
from sayso.domain.evidence import Quality, Verdict, Word
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Gap
from sayso.measure.profile import Certainty, Profile, RoleGuess, Treatment
from sayso.measure.reading import Judgement, Reading
from sayso.measure.setting import Setting
from sayso.present.context import ReportContext

CONTEXT = ReportContext(
    command="sayso audit service_visits.csv --seed 7",
    version="0.1.0",
    made_on=date(2026, 6, 3),
    seed=7,
)


def estimate(
    value: float,
    low: float,
    high: float,
    n: int = 2_414,
    people: int = 39,
    *,
    line: float | None = None,
    population: Population = Population.LIKE_THESE,
) -> Estimate:
    """An estimate with ranges of one shape and, with a line, a p-value of its own."""
    tight = lambda share: Range(value - (value - low) * share, value + (high - value) * share)
    p_line = None
    if line is not None:
        from statistics import NormalDist

        error = max((high - low) / 3.92, 1e-12)
        p_line = min(1.0, 2 * (1 - NormalDist().cdf((abs(value) - line) / error)))
    return Estimate(
        value=value,
        r95=Range(low, high),
        r90=tight(0.84),
        r50=tight(0.34),
        n=n,
        people=people,
        population=population,
        events=round(n * min(1.0, abs(value))),
        non_events=round(n * (1 - min(1.0, abs(value)))),
        p_line=p_line,
    )


def figure(
    measure: str,
    answer: Answer,
    unit: Unit = Unit.SHARE,
    grade: Grade = Grade.DESCRIPTION,
    *,
    line: float | None = None,
    word: Word | None = None,
    hidden: bool = False,
    reference: float = 0.0,
    notes: tuple[tuple[str, float | int | str | bool], ...] = (),
    **groups: str,
) -> Figure:
    """A figure; with a line its word is computed as the measures do."""
    if line is not None and word is None:
        word = word_for(answer, line=line, grade=grade, reference=reference)
    return Figure(
        measure=measure,
        groups=tuple(groups.items()),
        answer=answer,
        grade=grade,
        unit=unit,
        word=word,
        line=line,
        hidden=hidden,
        notes=notes,
    )


def _profile(name: str, rows: int, **changes: object) -> Profile:
    values: dict[str, object] = {
        "name": name,
        "rows_read": rows,
        "rows_used": rows,
        "deciders": 0,
        "teams": 0,
        "since": None,
        "until": None,
        "calendar": False,
        "shown_since": None,
        "sha256": "5f0c" + "0" * 56 + "91ae",
        "roles": (
            RoleGuess(role="choice", column="choice", certainty=Certainty.SURE, filled=1.0),
            RoleGuess(role="advice", column="advice", certainty=Certainty.SURE, filled=1.0),
        ),
        "treatments": (),
    }
    return Profile(**{**values, **changes})  # type: ignore[arg-type]


def service_company() -> Reading:
    """Before and after, six depots, reasons, chances: the table of the design."""
    line = 0.05
    after = Grade.BEFORE_AFTER
    moved = estimate(0.078, 0.052, 0.104, 4_276, line=line)
    gap = estimate(0.149, 0.128, 0.172, 2_414, line=line)
    teams = {
        "Oslo East": (0.22, 0.19, 0.25, 688, 11),
        "Stavanger": (0.29, 0.25, 0.33, 375, 6),
        "Tromsø + Kristiansand": (0.34, 0.30, 0.39, 361, 7),
        "Bergen": (0.40, 0.36, 0.43, 547, 8),
        "Trondheim": (0.55, 0.51, 0.58, 443, 7),
    }
    tenths = (
        (5.5, 0.17, 0.137, 0.204, 476), (14.4, 0.253, 0.206, 0.304, 331),
        (25.1, 0.366, 0.3125, 0.426, 264), (35.1, 0.357, 0.299, 0.418, 210),
        (45.1, 0.502, 0.436, 0.5735, 190), (54.6, 0.49, 0.406, 0.57, 170),
        (65.2, 0.60, 0.5235, 0.67, 175), (74.6, 0.65, 0.58, 0.715, 186),
        (84.8, 0.763, 0.701, 0.822, 174), (91.95, 0.792, 0.694, 0.889, 72),
    )  # fmt: skip
    reasons = {
        "customer described the fault": (0.63, 0.54, 0.70, 153, 31),
        "none given": (0.41, 0.35, 0.46, 282, 36),
        "stock is low": (0.33, 0.18, 0.49, 39, 14),
    }
    halves = (estimate(0.076, 0.04, 0.11, 1_207, line=line), estimate(0.08, 0.05, 0.12, 1_207))
    figures = (
        figure("coverage", estimate(0.56, 0.55, 0.58, 4_276)),
        figure("exposure", estimate(1.0, 0.99, 1.0, 2_414)),
        figure("use", estimate(0.764, 0.75, 0.78, 2_414)),
        figure("agreement", estimate(0.764, 0.748, 0.7815, 2_414)),
        figure("agreement", estimate(0.6877, 0.666, 0.71, 1_862), arm="hidden"),
        figure("agreement", estimate(0.764, 0.748, 0.7815, 2_414), arm="shown"),
        figure("agreement-kappa", estimate(0.51, 0.47, 0.55), Unit.COEFFICIENT),
        figure(
            "influence", moved, Unit.NET_SHARE, after, line=line,
            notes=(
                ("design", "before-after"), ("shown", 0.764), ("hidden", 0.6877),
                ("n_shown", 2_414), ("n_hidden", 1_862),
            ),
        ),
        figure("influence", halves[0], Unit.NET_SHARE, after, line=line, period="first half"),
        figure("influence", halves[1], Unit.NET_SHARE, after, line=line, period="second half"),
        figure(
            "influence-fading", estimate(-0.004, -0.05, 0.046), Unit.NET_SHARE, after, line=line
        ),
        figure("influence-placebo", estimate(0.0, 0.0, 0.12, 18, 0), grade=after),
        figure("over-acceptance", estimate(0.74, 0.71, 0.77, 610, 39)),
        figure("under-acceptance", estimate(0.13, 0.11, 0.15, 1_640, 39)),
        figure("override-rate", estimate(0.232, 0.21, 0.255, 2_414)),
        figure("override-right", estimate(0.46, 0.42, 0.50, 522, 38, line=line)),
        figure(
            "override-value", estimate(-0.08, -0.16, 0.0, 522, 38, line=line),
            Unit.NET_SHARE, Grade.ASSOCIATION, line=line,
        ),
        *(
            figure(
                "override-right", estimate(*v, line=0.05), Grade and Unit.SHARE,
                Grade.ASSOCIATION, reason=r,
            )
            for r, v in reasons.items()
        ),
        *(
            figure(
                "override-value",
                estimate(2 * v[0] - 1, 2 * v[1] - 1, 2 * v[2] - 1, v[3], v[4], line=0.05),
                Unit.NET_SHARE, Grade.ASSOCIATION, line=line, reason=r,
            )
            for r, v in reasons.items()
        ),
        figure("override-right", NotEnoughData(30, 25), reason="known issue, this model"),
        figure("override-right", NotEnoughData(30, 23), reason="technician asked"),
        figure("override-right", estimate(0.9, 0.8, 0.95, 44, 3), hidden=True, reason="a grudge"),
        figure("advice-wrong", estimate(0.46, 0.42, 0.50, 522, 38), when="overruled"),
        figure("advice-wrong", estimate(0.24, 0.22, 0.26, 1_728, 39), when="followed"),
        figure("accuracy", estimate(0.70, 0.68, 0.72, 2_250), who="choice"),
        figure("accuracy", estimate(0.73, 0.71, 0.75, 2_250), who="advice"),
        figure(
            "twins-differ", estimate(0.30, 0.28, 0.32, 2_200), between="people in a team",
            alike="as declared",
        ),
        figure(
            "twins-differ", estimate(0.33, 0.31, 0.35, 2_300), between="people in a team",
            alike="wide",
        ),
        figure(
            "twins-differ", estimate(0.27, 0.24, 0.30, 1_100), between="people in a team",
            alike="narrow",
        ),
        figure(
            "twins-forced", estimate(0.11, 0.09, 0.13, 2_200),
            alike="as declared",
        ),
        figure("team-gap", gap, Unit.NET_SHARE, Grade.DESCRIPTION, line=line),
        *(
            figure("team-practice", estimate(*v), team=team, option="send the part")
            for team, v in teams.items()
        ),
        *(
            figure(
                "calibration", estimate(happened, low, high, n, 39), of="ai", said=f"{said:.1f}",
                notes=(("said", said / 100), ("n", n)),
            )
            for said, happened, low, high, n in tenths
        ),
        figure(
            "calibration-slope", estimate(0.62, 0.54, 0.70, 2_248, line=0.05), Unit.COEFFICIENT,
            line=0.05, reference=1.0, of="ai",
        ),
        figure(
            "miscalibration", estimate(0.0121, 0.008, 0.018, 2_248), Unit.COEFFICIENT, of="ai",
            notes=(("null_mean", 0.0017), ("null_low", 0.0008), ("null_high", 0.003), ("p", 0.0)),
        ),
        figure("closure", estimate(0.928, 0.92, 0.936, 4_276)),
        figure("maturity", estimate(0.97, 0.964, 0.976, 4_276)),
    )  # fmt: skip
    profile = _profile(
        "service_visits.csv",
        4_276,
        rows_read=4_314,
        deciders=39,
        teams=6,
        since=datetime(2026, 1, 5, tzinfo=UTC),
        until=datetime(2026, 5, 31, tzinfo=UTC),
        calendar=True,
        shown_since=datetime(2026, 3, 9, tzinfo=UTC),
        roles=(
            RoleGuess(role="choice", column="part_sent", certainty=Certainty.SURE, filled=1.0),
            RoleGuess(role="advice", column="rec", certainty=Certainty.SURE, filled=1.0),
            RoleGuess(
                role="shown", column="rec_shown_at", certainty=Certainty.PROBABLY, filled=0.56
            ),
            RoleGuess(role="team", column="depot", certainty=Certainty.SURE, filled=1.0),
            RoleGuess(role="decider", column="disp_id", certainty=Certainty.SURE, filled=1.0),
            RoleGuess(
                role="reason_code", column="note_code", certainty=Certainty.PROBABLY, filled=0.46
            ),
            RoleGuess(role="outcome", column="part_used", certainty=Certainty.SURE, filled=0.93),
        ),
        treatments=(Treatment(code="duplicates-dropped", count=38),),
    )
    setting = Setting(
        has=frozenset({"choice", "advice", "outcome", "reason_code", "reason_at", "outcome_at"}),
        options=("send the part", "go without"),
        deciders=39,
    )
    return Reading(
        profile=profile,
        setting=setting,
        figures=figures,
        judgement=Judgement(verdict=Verdict.CHANGES_CHOICES, quality=Quality.UNKNOWN),
        gaps=(
            Gap(
                question="Had people already made up their mind?",
                cheapest_way="Ask for a first view before the advice appears, in 1 case of 5, for "
                "four weeks. About 15 seconds a case.",
                measure="influence",
            ),
        ),
    )


def pretrial() -> Reading:
    """Advice shown or hidden by chance to one judge; the effect fades."""
    line, chance = 0.05, Grade.RANDOMISED
    these = Population.THESE
    influence = estimate(0.0564, 0.0163, 0.0965, 1_891, 1, line=line, population=these)

    def share(value: float, low: float, high: float, n: int = 1_891) -> Estimate:
        return estimate(value, low, high, n, 1, population=these, line=line)

    figures = (
        figure("agreement", share(0.7271, 0.7067, 0.7467)),
        figure("agreement", share(0.7553, 0.727, 0.782, 948), arm="shown"),
        figure("agreement", share(0.6988, 0.669, 0.727, 943), arm="hidden"),
        figure(
            "influence", influence, Unit.NET_SHARE, chance, line=line,
            notes=(
                ("design", "randomised"), ("shown", 0.7553), ("hidden", 0.6988),
                ("n_shown", 948), ("n_hidden", 943),
            ),
        ),
        figure(
            "influence", share(0.11, 0.053, 0.167, 946), Unit.NET_SHARE, chance, line=line,
            period="first half",
        ),
        figure(
            "influence", share(0.004, -0.053, 0.061, 945), Unit.NET_SHARE, chance, line=line,
            period="second half",
        ),
        figure(
            "influence", share(0.034, -0.01, 0.08, 1_600), Unit.NET_SHARE, chance, line=line,
            advised="signature bond",
        ),
        figure(
            "influence", share(0.083, -0.02, 0.19, 291), Unit.NET_SHARE, chance, line=line,
            advised="cash bond",
        ),
        figure("influence-fading", share(0.106, 0.026, 0.186), Unit.NET_SHARE, chance, line=line),
        figure("influence-adjusted", share(0.0519, 0.0157, 0.0881), Unit.NET_SHARE, chance),
        figure("influence-least", share(0.03, 0.004, 0.06), grade=chance),
        figure("influence-most", share(0.51, 0.48, 0.54), grade=chance),
        figure("exposure", share(0.5013, 0.479, 0.524)),
        figure(
            "quality", share(0.004, -0.036, 0.044), Unit.NET_SHARE, chance, line=line,
            notes=(("worst_low", -0.036), ("worst_high", 0.044)),
        ),
    )  # fmt: skip
    charter = Charter(
        decision="pretrial-release",
        version=1,
        question="Should this defendant be released on a signature bond?",
        rights=Rights(decide=("judge",)),
    )
    setting = Setting(
        has=frozenset({"choice", "advice", "shown", "outcome"}),
        options=("signature bond", "cash bond"),
        deciders=1,
        few_deciders=FewDeciders.PUBLIC_DATA,
        show_probability=0.5,
    )
    return Reading(
        profile=_profile("psa_trial.csv", 1_891, deciders=1),
        setting=setting,
        figures=figures,
        judgement=Judgement(verdict=Verdict.CHANGES_CHOICES, quality=Quality.UNKNOWN),
        gaps=(),
        charter=charter,
    )


def card_game() -> Reading:
    """First views, then advice, then choices; chances said by the AI and by people."""
    line, prior = 0.05, Grade.SEALED_PRIOR

    def share(value: float, low: float, high: float, n: int = 9_223) -> Estimate:
        return estimate(value, low, high, n, 500, line=line)

    figures = (
        figure("agreement", share(0.78, 0.77, 0.79)),
        figure("use", share(0.78, 0.77, 0.79)),
        figure(
            "influence", share(0.106, 0.096, 0.116), Unit.NET_SHARE, prior, line=line,
            notes=(("design", "prior"),),
        ),
        figure("first-view-agreed", share(0.66, 0.65, 0.67), grade=prior),
        figure("first-view-moved-to", share(0.123, 0.114, 0.132), grade=prior),
        figure("first-view-moved-away", share(0.017, 0.014, 0.02), grade=prior),
        figure("first-view-held", share(0.20, 0.19, 0.21), grade=prior),
        figure("switch-fraction", share(0.38, 0.36, 0.40, 2_980), grade=prior),
        figure("reliance-listened", share(0.46, 0.43, 0.49, 1_920), grade=prior, line=line),
        figure("reliance-held-firm", share(0.78, 0.74, 0.82, 1_060), grade=prior, line=line),
        figure("reliance-sum", share(1.244, 1.18, 1.31, 2_980), Unit.COEFFICIENT, prior),
        figure(
            "quality", share(0.03, 0.02, 0.04), Unit.NET_SHARE, prior, line=line,
            notes=(("worst_low", 0.02), ("worst_high", 0.04)),
        ),
        figure("accuracy", share(0.70, 0.69, 0.71), who="first view"),
        figure("accuracy", share(0.76, 0.75, 0.77), who="advice"),
        figure("accuracy", share(0.73, 0.72, 0.74), who="choice"),
        *(
            figure(
                "calibration", share(h, h - 0.03, h + 0.03, 900), of=of, said=f"{s}",
                notes=(("said", s / 100), ("n", 900)),
            )
            for of, tenths in (
                ("ai", ((10, 0.11), (50, 0.49), (90, 0.9))),
                ("people", ((10, 0.22), (50, 0.5), (90, 0.74))),
            )
            for s, h in tenths
        ),
        figure(
            "miscalibration", share(0.0027, 0.001, 0.005), Unit.COEFFICIENT, of="ai",
            notes=(("null_mean", 0.003), ("p", 0.44)),
        ),
        figure(
            "miscalibration", share(0.019, 0.015, 0.024), Unit.COEFFICIENT, of="people",
            notes=(("null_mean", 0.002), ("p", 0.0)),
        ),
        figure(
            "calibration-slope", share(0.55, 0.47, 0.63), Unit.COEFFICIENT, line=line,
            reference=1.0, of="people",
        ),
        figure("twins-excess", CannotTell("Nobody saw a case twice.", "Repeat some.")),
    )  # fmt: skip
    return Reading(
        profile=_profile("cards.csv", 9_223, deciders=500),
        setting=Setting(
            has=frozenset({"choice", "advice", "prior", "outcome"}),
            options=("Black", "Red"),
            deciders=500,
        ),
        figures=figures,
        judgement=Judgement(verdict=Verdict.CHANGES_CHOICES, quality=Quality.UNKNOWN),
        gaps=(),
    )


def house_prices() -> Reading:
    """Quantities: first guess, advice, final guess, true price."""
    prior = Grade.SEALED_PRIOR

    def amount(value: float, low: float, high: float) -> Estimate:
        return estimate(value, low, high, 4_000, 250)

    figures = (
        figure(
            "weight-of-advice", estimate(0.42, 0.38, 0.46, 4_000, 250, line=0.05),
            Unit.COEFFICIENT, prior, line=0.05,
        ),
        figure(
            "weight-of-advice", amount(0.21, 0.19, 0.23), Unit.SHARE, prior, statistic="at zero"
        ),
        figure(
            "weight-of-advice", amount(0.08, 0.07, 0.09), Unit.SHARE, prior, statistic="at one"
        ),
        figure(
            "forecast-value-added", amount(41_300, 35_100, 47_500), Unit.AMOUNT, prior,
            word=Word.NOT_ZERO, step="advice over first view",
        ),
        figure(
            "forecast-value-added", amount(-12_400, -15_800, -9_000), Unit.AMOUNT, prior,
            word=Word.NOT_ZERO, step="choice over advice",
        ),
        figure(
            "forecast-value-added", amount(28_900, 25_100, 32_700), Unit.AMOUNT, prior,
            word=Word.NOT_ZERO, step="choice over first view",
        ),
        figure("mean-absolute-error", amount(98_000, 92_000, 104_000), Unit.AMOUNT, step="first view"),
        figure("mean-absolute-error", amount(56_700, 52_000, 61_000), Unit.AMOUNT, step="advice"),
        figure("mean-absolute-error", amount(69_100, 65_000, 73_000), Unit.AMOUNT, step="choice"),
        figure("raw-agreement", NotEnoughData(30, 0, "cases judged twice")),
        figure("icc", estimate(0.31, 0.27, 0.36, 4_000, 250), Unit.COEFFICIENT, form="2,1"),
        figure("noise-case", estimate(0.31, 0.27, 0.36, 4_000, 250), Unit.COEFFICIENT),
        figure("noise-level", estimate(0.22, 0.18, 0.27, 4_000, 250), Unit.COEFFICIENT),
        figure("noise-pattern", estimate(0.47, 0.43, 0.50, 4_000, 250), Unit.COEFFICIENT),
    )  # fmt: skip
    charter = Charter(
        decision="house-price",
        version=2,
        question="What will this house sell for?",
        owner="pricing-lead",
        quantity=Quantity(unit="dollars", low=0, high=5e6),
        rights=Rights(decide=("estimators",)),
    )
    return Reading(
        profile=_profile("houses.parquet", 4_000, deciders=250),
        setting=Setting(
            has=frozenset({"choice", "advice", "prior", "outcome"}), quantity=True, deciders=250
        ),
        figures=figures,
        judgement=Judgement(verdict=Verdict.CHANGES_CHOICES, quality=Quality.BETTER),
        gaps=(),
        charter=charter,
    )


def nearly_empty() -> Reading:
    """Twelve rows of choices and advice, and nothing else."""
    return Reading(
        profile=_profile("tiny.csv", 12),
        setting=Setting(has=frozenset({"choice", "advice"}), options=("no", "yes")),
        figures=(
            figure("agreement", NotEnoughData(30, 12), word=Word.NOT_YET),
            figure("influence", NotEnoughData(30, 12), Unit.NET_SHARE, word=Word.NOT_YET),
        ),
        judgement=Judgement(verdict=Verdict.CANNOT_TELL, quality=Quality.UNKNOWN),
        gaps=(),
    )


ALL = {
    "service_company": service_company,
    "pretrial": pretrial,
    "card_game": card_game,
    "house_prices": house_prices,
    "nearly_empty": nearly_empty,
}

"""All that one audit found, before anything is put into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sayso.declare.charter import Charter
    from sayso.domain.evidence import Quality, Verdict
    from sayso.domain.figure import Figure
    from sayso.measure.measure import Gap
    from sayso.measure.profile import Profile
    from sayso.measure.setting import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on influence.

    Attributes:
        verdict: Against the line that matters.
        quality: Whether changed choices are better; UNKNOWN whenever its range holds 0.
        not_decorative: Why "decorative" was refused, as codes that ``present`` has sentences
            for: "not-randomised", "kinds", "spread", "fading", "hidden-rising".
    """

    verdict: Verdict
    quality: Quality
    not_decorative: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The figures of one audit with their frame; ``present`` says and draws them."""

    profile: Profile
    setting: Setting
    figures: tuple[Figure, ...]
    judgement: Judgement
    gaps: tuple[Gap, ...]
    charter: Charter | None = None

    def figure(self, measure: str, **groups: str) -> Figure | None:
        """The figure of that measure for exactly these groups."""
        wanted = tuple(sorted(groups.items()))
        return next(
            (f for f in self.figures if f.measure == measure and tuple(sorted(f.groups)) == wanted),
            None,
        )

    def all_of(self, measure: str, by: str | None = None) -> tuple[Figure, ...]:
        """Figures of a measure: split by one group name, or (None) all of them."""
        return tuple(
            f
            for f in self.figures
            if f.measure == measure and (by is None or [n for n, _ in f.groups] == [by])
        )

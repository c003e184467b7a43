"""The catalogue: every measure an audit may read, in the order it reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.measure.catalog.adoption import ADOPTION
from sayso.measure.catalog.advice_weight import ADVICE_WEIGHT, VALUE_ADDED
from sayso.measure.catalog.affected import AFFECTED
from sayso.measure.catalog.agreement import AGREEMENT, AGREEMENT_BY_OPTION
from sayso.measure.catalog.asking import ASKING
from sayso.measure.catalog.attention import ATTENTION, STREAKS
from sayso.measure.catalog.automation_bias import AUTOMATION_BIAS
from sayso.measure.catalog.bunching import BUNCHING
from sayso.measure.catalog.calibration import CALIBRATION_AI, CALIBRATION_PEOPLE
from sayso.measure.catalog.closure import CLOSURE
from sayso.measure.catalog.cost_ratio import COST_RATIO
from sayso.measure.catalog.drift import DRIFT
from sayso.measure.catalog.first_views import FIRST_VIEWS
from sayso.measure.catalog.follows import FOLLOWS
from sayso.measure.catalog.influence import INFLUENCE
from sayso.measure.catalog.input_care import INPUT_CARE
from sayso.measure.catalog.leniency import LENIENCY
from sayso.measure.catalog.lens import LENS
from sayso.measure.catalog.missing_values import MISSING_VALUES
from sayso.measure.catalog.momentum import MOMENTUM
from sayso.measure.catalog.noise import NOISE
from sayso.measure.catalog.off_policy import POLICY, SHOWING
from sayso.measure.catalog.override import OVERRIDE
from sayso.measure.catalog.panel import PANEL
from sayso.measure.catalog.quality import QUALITY
from sayso.measure.catalog.reliance import ACCEPTANCE, RELIANCE
from sayso.measure.catalog.selective import SELECTIVE
from sayso.measure.catalog.selective_use import SELECTIVE_USE
from sayso.measure.catalog.slices import SLICES
from sayso.measure.catalog.support import CONSTANT, SUPPORT, UNSEEN
from sayso.measure.catalog.team_gap import TEAM_GAP
from sayso.measure.catalog.together import SHALLOW_TREE, TOGETHER
from sayso.measure.catalog.twins import (
    TWINS,
    TWINS_BY_ESTIMATE,
    TWINS_FORCED,
    TWINS_NARROW,
    TWINS_WIDE,
)
from sayso.measure.catalog.unheld_reasons import UNHELD_REASONS
from sayso.measure.catalog.unseen import UNSEEN_WRONG

if TYPE_CHECKING:
    from sayso.measure.measure import AnyMeasure

CATALOGUE: tuple[AnyMeasure, ...] = (
    ADOPTION,
    AGREEMENT,
    AGREEMENT_BY_OPTION,
    INFLUENCE,
    MOMENTUM,
    FIRST_VIEWS,
    ASKING,
    AUTOMATION_BIAS,
    ATTENTION,
    STREAKS,
    FOLLOWS,
    LENS,
    SELECTIVE_USE,
    ADVICE_WEIGHT,
    VALUE_ADDED,
    RELIANCE,
    ACCEPTANCE,
    OVERRIDE,
    QUALITY,
    TOGETHER,
    SHALLOW_TREE,
    SELECTIVE,
    UNSEEN_WRONG,
    POLICY,
    SHOWING,
    TEAM_GAP,
    LENIENCY,
    TWINS,
    TWINS_WIDE,
    TWINS_NARROW,
    TWINS_BY_ESTIMATE,
    TWINS_FORCED,
    PANEL,
    NOISE,
    CALIBRATION_AI,
    CALIBRATION_PEOPLE,
    CLOSURE,
    INPUT_CARE,
    DRIFT,
    BUNCHING,
    AFFECTED,
    SLICES,
    COST_RATIO,
    UNSEEN,
    SUPPORT,
    MISSING_VALUES,
    CONSTANT,
    UNHELD_REASONS,
)

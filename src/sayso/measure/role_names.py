"""The names under which tables of this world keep their columns, by role."""

from __future__ import annotations

import re

# Each entry: a pattern over the lower-case name with words joined by "_", and how telling it is:
# 3 says it outright, 2 is usual for the role, 1 is possible.
_PATTERNS: dict[str, tuple[tuple[str, int], ...]] = {
    "case": (
        (r"case(_?id|_?no|_?number|_?key)?", 3),
        (
            (
                r"(visit|ticket|claim|application|request|order|loan|item|record|row|trial|incident|job)"
                r"_?(id|no|number)"
            ),
            2,
        ),
        (r"id|uuid|key|vorgang(s_?nr)?|dossier", 1),
    ),
    "decider": (
        (r"decider(_?id)?|decision_?maker(_?id)?|judge(_?id)?|reviewer(_?id)?", 3),
        (
            (
                r"([a-z]+_)?(officer|clerk|handler|underwriter|analyst|adjuster|caseworker|dispatcher|"
                r"reviewer|examiner|inspector|planner|adviser|advisor|technician)(_?(id|no|nr|name))?"
            ),
            2,
        ),
        (
            (
                r"(agent|user|participant|employee|staff|disp|dispatcher|officer|clerk|rater|annotator|"
                r"operator|analyst|underwriter|worker|physician|doctor|nurse|reader|handler|"
                r"bearbeiter)(_?(id|no|nr|name))?"
            ),
            2,
        ),
        (r"decided_by|handled_by|assigned_to|owner|who|person(_?id)?", 2),
    ),
    "repeat_of": ((r"(repeat|repeats|twin|duplicate|copy)_?of", 3),),
    "team": (
        (r"team(_?(id|name))?|unit", 3),
        (
            (
                r"depot|branch|ward|office|department|dept|site|region|station|filiale|equipe|group|"
                r"squad|clinic|hospital|store|shop|location"
            ),
            2,
        ),
    ),
    "opened_at": ((r"(opened|created|received|submitted|started)(_?(at|on|date|time))?", 2),),
    "decided_at": (
        (r"decided_?(at|on)|(date_)?decided|(date_of_)?decision_?(date|time|at|ts|timestamp)", 3),
        (r"date_of_decision", 3),
        (r"(closed|completed|resolved|finished|handled|entscheidungs)_?(at|on|date|time|datum)", 2),
        (r"date|datetime|timestamp|time|ts|day|datum|fecha|when", 1),
    ),
    "choice": (
        (
            (
                r"choice|chosen|final_?(decision|choice|answer|verdict|label)|decision(_?taken)?|"
                r"human_?(decision|choice|final)|decided|entscheidung|decision_?finale|"
                r"(officer|agent|clerk|judge|reviewer|doctor|physician|nurse|analyst|underwriter|staff|"
                r"user|employee|handler|operator|dispatcher|adviser|advisor|caseworker|expert|adjuster|"
                r"examiner|inspector|planner|technician)_(decision|choice|verdict|answer|action)"
            ),
            3,
        ),
        (
            (
                r"verdict|action(_?taken)?|disposition|determination|approved|granted|accepted|"
                r"[a-z]+_sent|assigned_label|selected|final|response|ruling"
            ),
            2,
        ),
        (r"label|status|resolution|answer|action|d", 1),
    ),
    "prior": (
        (
            (
                r"prior(_?(choice|decision|view|answer))?|first_?(view|choice|decision|guess|answer)|"
                r"initial_?(decision|choice|answer|view|guess)"
            ),
            3,
        ),
        (
            (
                r"before_?(ai|advice)|pre_?(decision|advice|ai)|own_?(view|choice)|human_?(initial|first)|"
                r"unaided"
            ),
            2,
        ),
    ),
    "prior_confidence": (
        (r"(prior|first|initial|human|own)_?(view_?|guess_?)?(conf|confidence|certainty|sure)", 3),
        (r"conf(idence)?_?(before|pre|human)", 2),
    ),
    "prior_at": ((r"(prior|first_?view|initial)_?(at|time|date)", 3),),
    "prior_asked": ((r"(prior|first_?view)_?asked", 3),),
    "choice_probability": (
        (r"(choice|chosen|action|decision|logging|logged)_?(probability|prob|propensity)", 3),
    ),
    "prior_ask_probability": ((r"(prior_?)?ask_?probability", 3),),
    "prior_skipped": ((r"(prior|first_?view)_?skipped", 3),),
    "advice": (
        (
            (
                r"advice|advised|recommend(ation|ed)|rec|ai_?(advice|rec|decision|choice|label|"
                r"recommendation|suggestion)|suggest(ion|ed)|empfehlung|recommandation|"
                r"recommended_?action|model_?(decision|advice|recommendation|label)|"
                r"(ai|model|bot|algorithm|machine|system|tool|assistant|computer)_?(says|said|advises|"
                r"advised|suggests|suggested|suggestion|recommends|recommended|recommendation|verdict|"
                r"answer|choice|advice)"
            ),
            3,
        ),
        (
            (
                r"predict(ion|ed)(_?(label|class))?|pred|model_?(pred|prediction|output|verdict)|"
                r"algorithm_?(decision|output)|machine_?decision|ai|bot|dmf"
            ),
            2,
        ),
    ),
    "advice_confidence": (
        (
            (
                r"(advice|ai|model|rec|recommendation|prediction|pred)_?(conf|confidence|score|prob|"
                r"probability|certainty)"
            ),
            3,
        ),
        (
            (
                r"p_[a-z]+|prob|probability|score|confidence|conf|risk|risk_?score|y_?(score|prob)|"
                r"likelihood"
            ),
            2,
        ),
    ),
    "advice_source": ((r"(model|advice|ai)_?(version|source|name)|model", 3),),
    "advice_at": (
        (r"(advice|rec|recommendation|prediction|pred|suggestion)_?(at|on|time|date|ts)", 3),
        (r"(scored|predicted|computed|advised)_?(at|on)", 2),
    ),
    "advice_opened_at": ((r"(advice|rec|recommendation)_?(opened|viewed|read)(_?(at|on))?", 3),),
    "shown": (
        (
            (
                r"(advice_?|rec_?|ai_?|recommendation_?)?(shown|visible|displayed)(_?(at|on))?|"
                r"show_?advice|saw_?(ai|advice)|with_?(ai|advice)|ai_?(used|on|enabled)"
            ),
            3,
        ),
        (r"treat(ment|ed)?|arm|z|exposed", 2),
    ),
    "show_probability": ((r"show_?(probability|prob)|propensity", 3),),
    "signal": (
        (r"signal|(manager|superior|supervisor|committee|boss)_?(view|opinion|said|rec)?", 3),
    ),
    "override_kind": ((r"override_?(kind|type)", 3),),
    "reason_code": (
        (r"reason(_?code)?|override_?reason|reason_?given|grund|reason_(for|why)_[a-z_]+", 3),
        (r"justification|rationale|comment_?code|note_?code|why(_[a-z_]+)?", 2),
    ),
    "reason_text": ((r"reason_?text|(note|comment|remark|bemerkung)s?(_?text)?", 2),),
    "reason_at": ((r"reason_?(at|on|time)", 3),),
    "seconds": (
        (
            (
                r"seconds|secs|duration(_?(s|sec|seconds))?|(time|dwell|response)_?(s|sec|seconds|taken)|"
                r"handling_?time|response_?time|dwell"
            ),
            2,
        ),
    ),
    "outcome": (
        (
            (
                r"outcome|actual(_?outcome)?|ground_?truth|truth|y_?true|result|(how_it_)?turned_?out|"
                r"ergebnis"
            ),
            3,
        ),
        (
            (
                r"(default(ed)?|fraud|repaid|churn(ed)?|readmitted|reoffended|late|died|recovered|"
                r"returned|complained)_(after|within|in|by)_[a-z0-9_]+"
            ),
            2,
        ),
        (
            (
                r"y|[a-z]+_used|default(ed)?|fraud|repaid|readmitted|reoffended|actual_?[a-z]+|happened|"
                r"target|gold|y_[a-z]+|sale_?price"
            ),
            2,
        ),
    ),
    "outcome_at": ((r"(outcome|result|actual)_?(at|on|date|time)", 3),),
    "outcome_due": ((r"(outcome_?)?due(_?(at|on|date))?", 2),),
    "value": ((r"value(_?(eur|usd))?|outcome_?value|loss|profit|cost", 2),),
    "best": (
        (
            (
                r"best(_?(choice|option|action))?|correct(_?(answer|choice|option|label))?|"
                r"right_?answer|gold_?(label|answer)"
            ),
            3,
        ),
    ),
}

NAMES = {
    role: tuple((re.compile(pattern, re.ASCII), weight) for pattern, weight in patterns)
    for role, patterns in _PATTERNS.items()
}


def plain_name(name: str) -> str:
    """A column's name in lower case with its words joined by underscores.

    Examples:
        >>> plain_name("finalDecision (human)")
        'final_decision_human'
    """
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_")


def name_weight(role: str, name: str) -> int:
    """How tellingly a name speaks of a role: 0 not at all, 3 outright."""
    plain = plain_name(name)
    return max((w for pattern, w in NAMES[role] if pattern.fullmatch(plain)), default=0)

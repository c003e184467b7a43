-- By person and kind of case: first views, advice in view, final choices and last choices, each as
-- right or not, on the same cases; and which of two options was right.
WITH people AS (
    SELECT decider, row_number() OVER (ORDER BY decider) AS person
    FROM (SELECT DISTINCT decider FROM cases WHERE decider IS NOT NULL) AS a
),
placed AS (
    SELECT
        decider,
        alike_wide,
        CASE WHEN alike_wide IS NULL THEN kind END AS kind,
        prior,
        advice,
        choice,
        prior_right,
        advice_right,
        choice_right,
        shown,
        justification,
        outcome_matured,
        lag(choice) OVER (PARTITION BY decider ORDER BY decided_at, case_id) AS last_choice
    FROM cases
    WHERE choice IS NOT NULL
),
judged AS (
    SELECT
        decider,
        alike_wide,
        kind,
        CASE WHEN choice_right THEN choice = $first WHEN choice_right = FALSE THEN choice <> $first END
            AS first_right,
        choice_right IS NOT NULL AND prior_right IS NOT NULL AND advice_right IS NOT NULL AS known,
        prior_right,
        advice_right,
        choice_right,
        choice = last_choice AS same_as_last,
        choice <> prior AS from_prior,
        choice <> advice AS from_advice
    FROM placed
    WHERE outcome_matured
        AND coalesce(shown, TRUE)
        AND NOT coalesce(justification, FALSE)
        AND prior IS NOT NULL
        AND advice IS NOT NULL
)
SELECT
    people.person AS decider,
    judged.alike_wide AS mix,
    judged.kind,
    count(*) AS cases,
    count(*) FILTER (WHERE known) AS known,
    count(*) FILTER (WHERE known AND prior_right) AS people,
    count(*) FILTER (WHERE known AND advice_right) AS advice,
    count(*) FILTER (WHERE known AND choice_right) AS both,
    count(*) FILTER (WHERE known AND choice_right AND prior_right = FALSE) AS over_people,
    count(*) FILTER (WHERE known AND choice_right = FALSE AND prior_right) AS under_people,
    count(*) FILTER (WHERE known AND choice_right AND advice_right = FALSE) AS over_advice,
    count(*) FILTER (WHERE known AND choice_right = FALSE AND advice_right) AS under_advice,
    count(*) FILTER (WHERE NOT known AND from_prior) AS unknown_people,
    count(*) FILTER (WHERE NOT known AND from_advice) AS unknown_advice,
    count(*) FILTER (WHERE known AND first_right) AS first_right,
    count(*) FILTER (WHERE known AND first_right = FALSE) AS other_right,
    count(*) FILTER (WHERE known AND same_as_last IS NOT NULL) AS had_last,
    count(*) FILTER (WHERE known AND same_as_last IS NOT NULL AND choice_right) AS both_had_last,
    count(*) FILTER (WHERE known AND same_as_last IS NOT NULL AND same_as_last = choice_right)
        AS last_right
FROM judged
LEFT JOIN people ON people.decider = judged.decider
GROUP BY people.person, judged.alike_wide, judged.kind
ORDER BY people.person NULLS LAST, judged.alike_wide NULLS LAST, judged.kind NULLS LAST

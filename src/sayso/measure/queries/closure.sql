-- Outcomes due and known, by person, arm and choice.
SELECT
    decider,
    in_view,
    choice,
    count(*) AS cases,
    count(*) FILTER (WHERE outcome_matured) AS matured,
    count(*) FILTER (WHERE outcome_matured AND known) AS closed
FROM (
    SELECT
        decider,
        choice,
        coalesce(shown, TRUE) AS in_view,
        coalesce(outcome_matured, TRUE) AS outcome_matured,
        outcome IS NOT NULL OR outcome_number IS NOT NULL AS known
    FROM cases
) AS outcomes
GROUP BY decider, in_view, choice
ORDER BY decider NULLS LAST, in_view, choice NULLS LAST

-- Cases in which first view, advice and choice are known to be right or wrong, with what a rule
-- could ask about; evenly spaced ones where there are more than a rule of two questions needs.
WITH judged AS (
    SELECT
        decider,
        decided_at,
        case_id,
        -- inputs
        advice,
        advice_confidence,
        choice_right,
        choice_right = (choice = $first) AS first_right
    FROM cases
    WHERE outcome_matured
        AND coalesce(shown, TRUE)
        AND NOT coalesce(justification, FALSE)
        AND prior IS NOT NULL
        AND advice IS NOT NULL
        AND choice IS NOT NULL
        AND prior_right IS NOT NULL
        AND advice_right IS NOT NULL
        AND choice_right IS NOT NULL
),
placed AS (
    SELECT
        judged.*,
        row_number() OVER (
            ORDER BY decider NULLS LAST, decided_at NULLS LAST, case_id NULLS LAST
        ) AS place,
        count(*) OVER () AS every
    FROM judged
)
SELECT *
FROM placed
WHERE every <= $most
    OR floor(place * 1e0 * $most / every) > floor((place - 1) * 1e0 * $most / every)
ORDER BY place

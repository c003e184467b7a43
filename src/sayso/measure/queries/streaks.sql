-- Advice taken, and taken ten or more times in a row, by person in the order of their decisions.
WITH advised AS (
    SELECT
        decider,
        choice = advice AS taken,
        row_number() OVER (
            PARTITION BY decider ORDER BY decided_at, case_id NULLS LAST
        ) AS place,
        row_number() OVER (
            PARTITION BY decider, choice = advice ORDER BY decided_at, case_id NULLS LAST
        ) AS same
    FROM cases
    WHERE choice IS NOT NULL
        AND advice IS NOT NULL
        AND decider IS NOT NULL
        AND decided_at IS NOT NULL
        AND coalesce(shown, TRUE)
        AND NOT coalesce(justification, FALSE)
),
runs AS (
    SELECT decider, taken, count(*) AS length
    FROM advised
    GROUP BY decider, taken, place - same
)
SELECT
    decider,
    sum(length) AS cases,
    coalesce(sum(length) FILTER (WHERE taken), 0) AS taken,
    coalesce(sum(length) FILTER (WHERE taken AND length >= 10), 0) AS in_streaks
FROM runs
GROUP BY decider
ORDER BY decider

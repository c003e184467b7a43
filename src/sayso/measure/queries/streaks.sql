-- Advice taken, and taken ten or more times in a row, by person in the order of their decisions; of
-- people picked by a seed where there are more cases than need be put in order.
WITH picked AS (
    SELECT
        decider,
        row_number() OVER (ORDER BY md5(decider || $seed), decider) AS place,
        sum(cases) OVER (
            ORDER BY md5(decider || $seed), decider ROWS UNBOUNDED PRECEDING
        ) AS so_far
    FROM (
        SELECT decider, count(*) AS cases FROM cases WHERE decider IS NOT NULL GROUP BY decider
    ) AS loads
),
advised AS (
    SELECT
        cases.decider,
        choice = advice AS taken,
        row_number() OVER (
            PARTITION BY cases.decider ORDER BY decided_at, case_id NULLS LAST
        ) AS place,
        row_number() OVER (
            PARTITION BY cases.decider, choice = advice ORDER BY decided_at, case_id NULLS LAST
        ) AS same
    FROM cases
    INNER JOIN picked ON picked.decider = cases.decider
    WHERE (picked.place <= $people OR picked.so_far <= $wide)
        AND choice IS NOT NULL
        AND advice IS NOT NULL
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

-- Choices, first views and what was right or came out, each case with its inputs: of some people
-- picked by a seed, and evenly spaced cases of theirs where there are more than a model needs.
WITH judged AS (
    SELECT
        coalesce(decider, '') AS who,
        decided_at,
        case_id,
        choice,
        prior,
        choice_right,
        choice_number,
        prior_number,
        -- inputs
        outcome_number
    FROM cases
    WHERE outcome_matured
        AND ((choice IS NOT NULL AND choice_right IS NOT NULL)
            OR (choice_number IS NOT NULL AND outcome_number IS NOT NULL))
),
picked AS (
    SELECT
        who,
        row_number() OVER (ORDER BY md5(who || $seed), who) AS place,
        sum(cases) OVER (ORDER BY md5(who || $seed), who ROWS UNBOUNDED PRECEDING) AS so_far
    FROM (SELECT who, count(*) AS cases FROM judged GROUP BY who) AS loads
),
placed AS (
    SELECT
        judged.*,
        row_number() OVER (
            ORDER BY judged.who, judged.decided_at NULLS LAST, judged.case_id NULLS LAST
        ) AS place,
        count(*) OVER () AS every
    FROM judged
    INNER JOIN picked ON picked.who = judged.who
    WHERE picked.place <= $people OR picked.so_far <= $wide
)
SELECT *
FROM placed
WHERE every <= $most
    OR floor(place * 1e0 * $most / every) > floor((place - 1) * 1e0 * $most / every)
ORDER BY place

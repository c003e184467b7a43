-- Choices with what was there to follow: of some people picked by a seed, and evenly spaced cases
-- of theirs where there are more than a model needs. The last choice is the same person's.
WITH choices AS (
    SELECT
        coalesce(decider, '') AS who,
        decided_at,
        case_id,
        choice,
        choice_number,
        prior,
        prior_number,
        prior_confidence,
        advice,
        advice_number,
        advice_confidence,
        signal,
        -- inputs
        coalesce(shown, TRUE) AND NOT coalesce(justification, FALSE) AS in_view
    FROM cases
    WHERE choice IS NOT NULL OR choice_number IS NOT NULL
),
loads AS (
    SELECT who, count(*) AS cases FROM choices GROUP BY who
),
picked AS (
    SELECT
        who,
        cases,
        row_number() OVER (ORDER BY md5(who || $seed), who) AS place,
        sum(cases) OVER (ORDER BY md5(who || $seed), who ROWS UNBOUNDED PRECEDING) AS so_far
    FROM loads
),
dated AS (
    SELECT
        choices.*,
        lag(choices.choice) OVER (
            PARTITION BY choices.who ORDER BY choices.decided_at NULLS LAST, choices.case_id NULLS LAST
        ) AS last_choice,
        lag(choices.choice_number) OVER (
            PARTITION BY choices.who ORDER BY choices.decided_at NULLS LAST, choices.case_id NULLS LAST
        ) AS last_number
    FROM choices
    INNER JOIN picked ON picked.who = choices.who
    WHERE picked.place <= $people OR picked.so_far <= $wide
),
placed AS (
    SELECT
        dated.*,
        row_number() OVER (
            ORDER BY who, decided_at NULLS LAST, case_id NULLS LAST
        ) AS place,
        count(*) OVER () AS every
    FROM dated
    WHERE in_view
)
SELECT *
FROM placed
WHERE every <= $most
    OR floor(place * 1e0 * $most / every) > floor((place - 1) * 1e0 * $most / every)
ORDER BY place

-- Answers by team, kind of alike cases and person, as count, sum and spread, with the AI's
-- estimates beside; teams and people as numbers, since only their being the same matters. An
-- answer is the number chosen, or 1 for the first option and 0 for another.
WITH people AS (
    SELECT decider, row_number() OVER (ORDER BY decider) AS person
    FROM (SELECT DISTINCT decider FROM cases WHERE decider IS NOT NULL) AS a
),
grouped AS (
    SELECT
        team,
        decider,
        alike_wide,
        kind,
        again,
        count(answer) AS cases,
        sum(answer) AS total,
        coalesce(var_pop(answer) * count(answer), 0e0) AS m2,
        count(said) AS said_cases,
        coalesce(avg(said), 0e0) AS said_mean,
        coalesce(var_pop(said) * count(said), 0e0) AS said_m2
    FROM (
        SELECT
            team,
            decider,
            alike_wide,
            CASE WHEN alike_wide IS NULL THEN kind END AS kind,
            repeat_of IS NOT NULL AS again,
            said,
            CASE WHEN choice_number IS NOT NULL THEN choice_number
                WHEN choice = $option THEN 1e0
                WHEN choice IS NOT NULL THEN 0e0 END AS answer
        FROM cases
    ) AS answered
    WHERE answer IS NOT NULL
    GROUP BY team, decider, alike_wide, kind, again
)
SELECT
    grouped.team,
    people.person,
    grouped.alike_wide AS mix,
    grouped.kind,
    grouped.again,
    grouped.cases,
    grouped.total,
    grouped.m2,
    grouped.said_cases,
    grouped.said_mean,
    grouped.said_m2
FROM grouped
LEFT JOIN people ON people.decider = grouped.decider
ORDER BY grouped.team NULLS LAST, mix NULLS LAST, grouped.kind NULLS LAST, person NULLS LAST, again

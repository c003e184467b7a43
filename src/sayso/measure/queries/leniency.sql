-- Answers by team, kind of case and person, as count, mean and spread; the AI's estimates beside.
SELECT
    team,
    coalesce(alike_wide, kind) AS mix,
    decider,
    count(answer) AS cases,
    avg(answer) AS mean,
    coalesce(var_pop(answer) * count(answer), 0e0) AS m2,
    count(said) AS said_cases,
    coalesce(avg(said), 0e0) AS said_mean,
    coalesce(var_pop(said) * count(said), 0e0) AS said_m2
FROM (
    SELECT
        team,
        alike_wide,
        kind,
        decider,
        said,
        CASE WHEN choice_number IS NOT NULL THEN choice_number
            WHEN choice = $option THEN 1e0
            WHEN choice IS NOT NULL THEN 0e0 END AS answer
    FROM cases
    WHERE decider IS NOT NULL AND repeat_of IS NULL
) AS answered
WHERE answer IS NOT NULL
GROUP BY team, coalesce(alike_wide, kind), decider
ORDER BY team, coalesce(alike_wide, kind), decider

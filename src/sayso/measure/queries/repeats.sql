-- How a person's answers to one case differ when it is shown again, one row a person.
WITH answered AS (
    SELECT coalesce(repeat_of, case_id) AS name, decider, choice, choice_number
    FROM cases
    WHERE decider IS NOT NULL
        AND (choice IS NOT NULL OR choice_number IS NOT NULL)
        AND coalesce(repeat_of, case_id) IN (
            SELECT repeat_of FROM cases WHERE repeat_of IS NOT NULL
        )
),
by_answer AS (
    SELECT name, decider, choice, count(*) AS n
    FROM answered
    WHERE choice IS NOT NULL
    GROUP BY name, decider, choice
),
by_case AS (
    SELECT name, decider, sum(n) AS n, sum(n * n) AS squares
    FROM by_answer
    GROUP BY name, decider
    HAVING sum(n) > 1
),
means AS (
    SELECT name, decider, count(choice_number) AS n, avg(choice_number) AS mean
    FROM answered
    WHERE choice_number IS NOT NULL
    GROUP BY name, decider
    HAVING count(choice_number) > 1
),
spread AS (
    SELECT
        means.name,
        means.decider,
        means.n,
        sum((choice_number - mean) * (choice_number - mean)) AS m2
    FROM answered
    INNER JOIN means ON means.name = answered.name AND means.decider = answered.decider
    WHERE choice_number IS NOT NULL
    GROUP BY means.name, means.decider, means.n
)
SELECT
    decider,
    count(*) AS cases,
    sum(n * (n - 1)) / 2e0 AS pairs,
    sum(n * n - squares) / 2e0 AS differing,
    0e0 AS freedom,
    0e0 AS m2
FROM by_case
GROUP BY decider
UNION ALL
SELECT
    decider,
    count(*) AS cases,
    0e0 AS pairs,
    0e0 AS differing,
    sum(n - 1e0) AS freedom,
    sum(m2) AS m2
FROM spread
GROUP BY decider
ORDER BY decider

-- Answers to cases that several people decided, one row a person and case: the first they gave,
-- where a case was shown again.
WITH answered AS (
    SELECT
        coalesce(repeat_of, case_id) AS name,
        decider,
        choice,
        choice_number,
        choice_stake,
        row_number() OVER (
            PARTITION BY coalesce(repeat_of, case_id), decider
            ORDER BY CASE WHEN repeat_of IS NULL THEN 0 ELSE 1 END, decided_at, case_id
        ) AS time
    FROM cases
    WHERE decider IS NOT NULL
        AND coalesce(repeat_of, case_id) IS NOT NULL
        AND (choice IS NOT NULL OR choice_number IS NOT NULL)
)
SELECT answered.name AS case_id, answered.decider, choice, choice_number
FROM answered
INNER JOIN (
    SELECT coalesce(repeat_of, case_id) AS name
    FROM cases
    WHERE decider IS NOT NULL
    GROUP BY coalesce(repeat_of, case_id)
    HAVING count(DISTINCT decider) > 1
) AS several ON several.name = answered.name
WHERE answered.time = 1
ORDER BY answered.name, answered.decider

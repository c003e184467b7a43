-- By person: cases whose alike cases all got one answer, or have no known outcome.
SELECT
    decider,
    count(*) AS cases,
    count(*) FILTER (WHERE size < $least) AS thin,
    count(*) FILTER (WHERE size >= $least AND one) AS one_answer,
    count(*) FILTER (WHERE due >= $least AND known = 0) AS no_outcome,
    count(*) FILTER (WHERE seen) AS seen
FROM (
    SELECT
        decider,
        outcome IS NOT NULL OR outcome_number IS NOT NULL AS seen,
        alike_wide
    FROM cases
    WHERE choice IS NOT NULL
) AS chosen
INNER JOIN (
    SELECT
        alike_wide,
        count(*) AS size,
        min(choice) = max(choice) AS one,
        count(*) FILTER (WHERE coalesce(outcome_matured, TRUE)) AS due,
        count(*) FILTER (WHERE outcome IS NOT NULL OR outcome_number IS NOT NULL) AS known
    FROM cases
    WHERE choice IS NOT NULL
    GROUP BY alike_wide
) AS cells ON cells.alike_wide IS NOT DISTINCT FROM chosen.alike_wide
GROUP BY decider
ORDER BY decider NULLS LAST

-- How far quantities move from the first view towards the advice, by person.
SELECT
    decider,
    count(*) AS cases,
    sum(moved * apart) AS moved_apart,
    sum(apart * apart) AS apart_squared,
    count(*) FILTER (WHERE apart <> 0) AS apart_cases,
    sum(CASE WHEN apart = 0 THEN 0e0 WHEN moved / apart < 0 THEN 0e0
        WHEN moved / apart > 1 THEN 1e0 ELSE moved / apart END) AS clipped,
    count(*) FILTER (WHERE apart <> 0 AND (moved / nullif(apart, 0) < 0 OR moved / nullif(apart, 0) > 1)) AS outside,
    count(*) FILTER (WHERE apart <> 0 AND moved = 0) AS at_zero,
    count(*) FILTER (WHERE apart <> 0 AND moved = apart) AS at_one
FROM (
    SELECT
        decider,
        choice_number - prior_number AS moved,
        advice_number - prior_number AS apart
    FROM cases
    WHERE coalesce(shown, TRUE) AND NOT coalesce(justification, FALSE)
) AS distances
WHERE moved IS NOT NULL AND apart IS NOT NULL
GROUP BY decider
ORDER BY decider NULLS LAST

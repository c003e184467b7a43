-- The middle of all single weights of advice.
SELECT
    count(*) AS cases,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY moved / apart) AS middle
FROM (
    SELECT
        choice_number - prior_number AS moved,
        advice_number - prior_number AS apart
    FROM cases
    WHERE coalesce(shown, TRUE) AND NOT coalesce(justification, FALSE)
) AS distances
WHERE moved IS NOT NULL AND apart <> 0
ORDER BY cases

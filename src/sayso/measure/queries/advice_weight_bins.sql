-- Single weights of advice in hundredths, cut at -1 and 2, by person.
SELECT
    decider,
    hundredth,
    count(*) AS cases
FROM (
    SELECT
        decider,
        CASE WHEN moved < -1 THEN -1e2 WHEN moved > 2 THEN 2e2
            ELSE floor(moved * 100) END AS hundredth
    FROM (
        SELECT
            decider,
            (choice_number - prior_number) / nullif(advice_number - prior_number, 0) AS moved
        FROM cases
        WHERE coalesce(shown, TRUE) AND NOT coalesce(justification, FALSE)
    ) AS weights
    WHERE moved IS NOT NULL
) AS binned
GROUP BY decider, hundredth
ORDER BY decider NULLS LAST, hundredth

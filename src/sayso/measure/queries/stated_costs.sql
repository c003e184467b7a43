-- What following each advice costs if it is wrong, and whether its stated chance is its own.
SELECT
    advice,
    max(advice_stake) AS cost,
    count(*) FILTER (WHERE happened = advice_right) AS same,
    count(*) FILTER (WHERE happened <> advice_right) AS other
FROM cases
WHERE said IS NOT NULL AND advice IS NOT NULL
GROUP BY advice
ORDER BY advice

-- How often each chance was stated, in steps of half a case in a hundred, by person and advice.
SELECT
    decider,
    advice,
    floor(said * 200) AS step,
    count(*) AS cases
FROM cases
WHERE said IS NOT NULL AND said >= 0 AND said <= 1 AND advice IS NOT NULL
GROUP BY decider, advice, floor(said * 200)
ORDER BY decider NULLS LAST, advice, step

-- Stated probabilities in ten-thousandths with what happened, by person; the value is exact up
-- to that rounding.
SELECT
    decider,
    floor(said * 10000 + 5e-1) / 1e4 AS said,
    count(*) AS cases,
    count(*) FILTER (WHERE happened) AS events
FROM cases
WHERE said IS NOT NULL AND happened IS NOT NULL AND outcome_matured
GROUP BY decider, floor(said * 10000 + 5e-1) / 1e4
ORDER BY decider NULLS LAST, said

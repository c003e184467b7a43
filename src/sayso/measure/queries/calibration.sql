-- Stated probabilities in ten-thousandths with what happened, by person; exact up to that rounding. People are
-- numbers, since only their being the same matters.
SELECT
    dense_rank() OVER (ORDER BY decider) AS person,
    floor(said * 10000 + 5e-1) / 1e4 AS said,
    count(*) AS cases,
    count(*) FILTER (WHERE happened) AS events
FROM cases
WHERE said IS NOT NULL AND happened IS NOT NULL AND outcome_matured
GROUP BY decider, floor(said * 10000 + 5e-1) / 1e4
ORDER BY person, said

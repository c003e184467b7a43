-- Probabilities stated with a first view in ten-thousandths with what happened, by person; exact up to that rounding. People are
-- numbers, since only their being the same matters.
SELECT
    dense_rank() OVER (ORDER BY decider) AS person,
    floor(prior_said * 10000 + 5e-1) / 1e4 AS said,
    count(*) AS cases,
    count(*) FILTER (WHERE prior_happened) AS events
FROM cases
WHERE prior_said IS NOT NULL AND prior_happened IS NOT NULL AND outcome_matured
GROUP BY decider, floor(prior_said * 10000 + 5e-1) / 1e4
ORDER BY person, said

-- Probabilities that people stated with their first view, with what happened, by person.
SELECT
    decider,
    floor(prior_said * 10000 + 5e-1) / 1e4 AS said,
    count(*) AS cases,
    count(*) FILTER (WHERE prior_happened) AS events
FROM cases
WHERE prior_said IS NOT NULL AND prior_happened IS NOT NULL AND outcome_matured
GROUP BY decider, floor(prior_said * 10000 + 5e-1) / 1e4
ORDER BY decider NULLS LAST, said

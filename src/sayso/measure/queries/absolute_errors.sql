-- How far each step was from what came out, by person, where every step is known.
SELECT
    decider,
    count(*) AS cases,
    sum(prior_loss) AS first_view,
    sum(advice_loss) AS advice,
    sum(choice_loss) AS choice
FROM cases
WHERE choice_number IS NOT NULL
    AND choice_loss IS NOT NULL AND advice_loss IS NOT NULL AND prior_loss IS NOT NULL
    AND outcome_matured
GROUP BY decider
ORDER BY decider NULLS LAST

-- Arms by advice, choice and how it turned out, where the choice was the one that shows it.
SELECT
    shown,
    advice,
    choice,
    count(*) AS cases,
    count(*) FILTER (WHERE choice_right) AS turned_out_right,
    count(*) FILTER (WHERE choice_right = FALSE) AS turned_out_wrong
FROM cases
WHERE shown IS NOT NULL AND advice IS NOT NULL AND choice IS NOT NULL AND outcome_matured
GROUP BY shown, advice, choice
ORDER BY shown, advice, choice

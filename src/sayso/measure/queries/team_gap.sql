-- Choices of the first option (a quantity: its sum) by team, person and kind of alike cases.
SELECT
    team,
    decider,
    alike_wide AS cell,
    count(*) AS cases,
    sum(CASE WHEN choice_number IS NOT NULL THEN choice_number
        WHEN choice = $option THEN 1e0 ELSE 0e0 END) AS total
FROM cases
WHERE team IS NOT NULL AND (choice IS NOT NULL OR choice_number IS NOT NULL)
GROUP BY team, decider, alike_wide
ORDER BY team, decider NULLS LAST, alike_wide NULLS LAST

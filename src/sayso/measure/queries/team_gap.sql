-- Choices of the first option (a quantity: its sum) by team, person and kind of alike cases;
-- people and cells as numbers, since only their being the same matters.
SELECT
    team,
    dense_rank() OVER (ORDER BY decider) AS person,
    decider IS NOT NULL AS named,
    dense_rank() OVER (ORDER BY alike_wide) AS cell,
    count(*) AS cases,
    sum(CASE WHEN choice_number IS NOT NULL THEN choice_number
        WHEN choice = $option THEN 1e0 ELSE 0e0 END) AS total
FROM cases
WHERE team IS NOT NULL AND (choice IS NOT NULL OR choice_number IS NOT NULL)
GROUP BY team, decider, alike_wide
ORDER BY team, person, cell

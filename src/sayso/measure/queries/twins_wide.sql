-- Choices by what makes cases alike (alike_wide), team and person.
SELECT
    alike_wide AS cell,
    team,
    decider,
    choice,
    count(*) AS cases
FROM cases
WHERE alike_wide IS NOT NULL AND choice IS NOT NULL AND decider IS NOT NULL
GROUP BY alike_wide, team, decider, choice
ORDER BY alike_wide, team NULLS LAST, decider, choice

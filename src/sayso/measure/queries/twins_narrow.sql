-- Choices by what makes cases alike (alike_narrow), team and person.
SELECT
    alike_narrow AS cell,
    team,
    decider,
    choice,
    count(*) AS cases
FROM cases
WHERE alike_narrow IS NOT NULL AND choice IS NOT NULL AND decider IS NOT NULL
GROUP BY alike_narrow, team, decider, choice
ORDER BY alike_narrow, team NULLS LAST, decider, choice

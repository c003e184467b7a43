-- Choices by what makes cases alike (alike), team and person.
SELECT
    alike AS cell,
    team,
    decider,
    choice,
    count(*) AS cases
FROM cases
WHERE alike IS NOT NULL AND choice IS NOT NULL AND decider IS NOT NULL
GROUP BY alike, team, decider, choice
ORDER BY alike, team NULLS LAST, decider, choice

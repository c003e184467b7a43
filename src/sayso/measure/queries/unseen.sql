-- How the option that shows its outcome turned out, and how many cases chose otherwise, by person
-- and kind of alike cases.
SELECT
    decider,
    alike_wide AS cell,
    count(*) AS cases,
    count(CASE WHEN choice = $option AND choice_right IS NOT NULL THEN 1 END) AS seen,
    count(CASE WHEN choice = $option AND choice_right = FALSE THEN 1 END) AS wrong
FROM cases
WHERE choice IS NOT NULL AND outcome_matured
GROUP BY decider, alike_wide
ORDER BY decider NULLS LAST, cell NULLS LAST

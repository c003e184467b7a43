-- What was chosen under which advice, by person and arm.
SELECT
    decider,
    in_view,
    advice,
    choice,
    count(*) AS cases
FROM (
    SELECT
        decider,
        coalesce(shown, TRUE) AS in_view,
        advice,
        choice
    FROM cases
    WHERE choice IS NOT NULL AND advice IS NOT NULL AND NOT coalesce(justification, FALSE)
) AS compared
GROUP BY decider, in_view, advice, choice
ORDER BY decider NULLS LAST, in_view, advice, choice

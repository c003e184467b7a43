-- Advice in view, by person and kind of case: opened, chosen, and moved to from another first view.
SELECT
    decider,
    kind,
    count(*) AS cases,
    count(*) FILTER (WHERE agrees) AS followed,
    count(*) FILTER (WHERE opened) AS opened,
    count(*) FILTER (WHERE apart) AS apart,
    count(*) FILTER (WHERE apart AND agrees) AS moved
FROM (
    SELECT
        decider,
        kind,
        choice = advice
        OR abs(choice_number - advice_number) <= 5e-2 * abs(advice_number) AS agrees,
        advice_opened_at IS NOT NULL
            AND NOT coalesce(advice_opened_at > decided_at, FALSE) AS opened,
        coalesce(prior <> advice, FALSE) AS apart
    FROM cases
    WHERE coalesce(shown, TRUE)
        AND NOT coalesce(justification, FALSE)
        AND kind IS NOT NULL
        AND (
            (choice IS NOT NULL AND advice IS NOT NULL)
            OR (choice_number IS NOT NULL AND advice_number IS NOT NULL)
        )
) AS used
GROUP BY decider, kind
ORDER BY decider NULLS LAST, kind

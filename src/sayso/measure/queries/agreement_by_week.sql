-- Choices that are the advice, by week and arm.
SELECT
    week,
    in_view,
    count(*) AS cases,
    count(*) FILTER (WHERE agrees) AS agreed
FROM (
    SELECT
        week,
        coalesce(shown, TRUE) AS in_view,
        choice = advice
        OR abs(choice_number - advice_number) <= 5e-2 * abs(advice_number) AS agrees
    FROM cases
    WHERE week IS NOT NULL
        AND NOT coalesce(justification, FALSE)
        AND (
            (choice IS NOT NULL AND advice IS NOT NULL)
            OR (choice_number IS NOT NULL AND advice_number IS NOT NULL)
        )
) AS compared
GROUP BY week, in_view
ORDER BY week, in_view

-- Choices that are the advice (a quantity: within 5 in 100 of it), by person, arm, half and kind.
SELECT
    decider,
    in_view,
    late_half,
    kind,
    count(*) AS cases,
    count(*) FILTER (WHERE agrees) AS agreed
FROM (
    SELECT
        decider,
        coalesce(shown, TRUE) AS in_view,
        late_half,
        kind,
        choice = advice
        OR abs(choice_number - advice_number) <= 5e-2 * abs(advice_number) AS agrees
    FROM cases
    WHERE NOT coalesce(justification, FALSE)
        AND (
            (choice IS NOT NULL AND advice IS NOT NULL)
            OR (choice_number IS NOT NULL AND advice_number IS NOT NULL)
        )
) AS compared
GROUP BY decider, in_view, late_half, kind
ORDER BY decider NULLS LAST, in_view, late_half NULLS LAST, kind NULLS LAST

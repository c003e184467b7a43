-- Cases asked for a first view and not, among those with advice in view, by person, kind and how
-- sure the AI was; skipped ones and those where the choice is the advice.
SELECT
    decider,
    kind,
    sure,
    asked,
    count(*) AS cases,
    count(*) FILTER (WHERE skipped) AS skipped,
    count(*) FILTER (WHERE agrees) AS agreed
FROM (
    SELECT
        decider,
        kind,
        CASE WHEN advice_confidence >= 1 THEN 4e0 ELSE floor(advice_confidence * 5e0) END AS sure,
        coalesce(prior_asked, prior IS NOT NULL OR prior_number IS NOT NULL OR prior_skipped, FALSE)
            AS asked,
        coalesce(prior_skipped, FALSE)
            AND prior IS NULL
            AND prior_number IS NULL AS skipped,
        choice = advice
        OR abs(choice_number - advice_number) <= 5e-2 * abs(advice_number) AS agrees
    FROM cases
    WHERE coalesce(shown, TRUE)
        AND NOT coalesce(justification, FALSE)
        AND (
            (choice IS NOT NULL AND advice IS NOT NULL)
            OR (choice_number IS NOT NULL AND advice_number IS NOT NULL)
        )
) AS compared
GROUP BY decider, kind, sure, asked
ORDER BY decider NULLS LAST, kind NULLS LAST, sure NULLS LAST, asked

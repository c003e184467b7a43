-- Choices that are the advice, and moves from first views, by person, arm and quarter of 13 weeks
-- since the first week with advice in view; cases before that week have no quarter.
WITH compared AS (
    SELECT
        decider,
        week,
        coalesce(shown, TRUE) AS in_view,
        coalesce(
            choice = advice
            OR abs(choice_number - advice_number) <= 5e-2 * abs(advice_number),
            FALSE
        ) AS agrees,
        CASE WHEN prior_at > coalesce(advice_opened_at, advice_at) THEN NULL
            ELSE prior = advice END AS began
    FROM cases
    WHERE week IS NOT NULL
        AND NOT coalesce(justification, FALSE)
        AND (
            (choice IS NOT NULL AND advice IS NOT NULL)
            OR (choice_number IS NOT NULL AND advice_number IS NOT NULL)
        )
),
launch AS (
    SELECT min(week) AS first FROM compared WHERE in_view
)
SELECT
    decider,
    CASE WHEN week >= first THEN floor((week - first) / 13e0) END AS quarter,
    in_view,
    count(*) AS cases,
    count(*) FILTER (WHERE agrees) AS agreed,
    count(*) FILTER (WHERE began IS NOT NULL) AS viewed,
    count(*) FILTER (WHERE agrees AND NOT began) AS moved_to,
    count(*) FILTER (WHERE NOT agrees AND began) AS moved_away
FROM compared
CROSS JOIN launch
GROUP BY decider, CASE WHEN week >= first THEN floor((week - first) / 13e0) END, in_view
ORDER BY decider NULLS LAST, 2 NULLS FIRST, in_view

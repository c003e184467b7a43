-- Choices, advice, overruling and the AI's estimate by week; and which model advised.
SELECT
    week,
    advice_source,
    choice,
    advice,
    count(*) AS cases,
    count(CASE WHEN in_view THEN 1 END) AS in_view,
    count(CASE WHEN in_view AND choice <> advice THEN 1 END) AS overruled,
    count(sure) AS stated,
    sum(coalesce(sure, 0e0)) AS stated_sum
FROM (
    SELECT
        week,
        advice_source,
        choice,
        advice,
        coalesce(said, advice_confidence) AS sure,
        choice IS NOT NULL
        AND advice IS NOT NULL
        AND coalesce(shown, TRUE)
        AND NOT coalesce(justification, FALSE) AS in_view
    FROM cases
    WHERE week IS NOT NULL AND (choice IS NOT NULL OR choice_number IS NOT NULL)
) AS weekly
GROUP BY week, advice_source, choice, advice
ORDER BY week, advice_source NULLS LAST, choice NULLS LAST, advice NULLS LAST

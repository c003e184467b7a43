-- From first view to choice, by person, arm, half and kind. A distance to the advice is 0 or 1
-- for options and the absolute difference for quantities. First views given after the advice
-- could be seen are not first views.
SELECT
    decider,
    in_view,
    late_half,
    kind,
    count(*) AS cases,
    count(*) FILTER (WHERE prior_far = 0 AND choice_far = 0) AS agreed,
    count(*) FILTER (WHERE choice_far < prior_far) AS moved_to,
    count(*) FILTER (WHERE choice_far > prior_far) AS moved_away,
    count(*) FILTER (WHERE prior_far > 0 AND unmoved) AS held
FROM (
    SELECT
        decider,
        coalesce(shown, TRUE) AS in_view,
        late_half,
        kind,
        CASE WHEN prior = advice THEN 0e0 WHEN prior <> advice THEN 1e0
            ELSE abs(prior_number - advice_number) END AS prior_far,
        CASE WHEN choice = advice THEN 0e0 WHEN choice <> advice THEN 1e0
            ELSE abs(choice_number - advice_number) END AS choice_far,
        choice = prior OR choice_number = prior_number AS unmoved
    FROM cases
    WHERE NOT coalesce(justification, FALSE)
        AND NOT coalesce(prior_at > coalesce(advice_opened_at, advice_at), FALSE)
) AS moves
WHERE prior_far IS NOT NULL AND choice_far IS NOT NULL
GROUP BY decider, in_view, late_half, kind
ORDER BY decider NULLS LAST, in_view, late_half NULLS LAST, kind NULLS LAST

-- How far advice gets: computed, in view before the choice, opened, moved towards.
SELECT
    decider,
    count(*) AS cases,
    count(*) FILTER (WHERE computed) AS computed,
    count(*) FILTER (WHERE computed AND late) AS late,
    count(*) FILTER (WHERE exposed) AS exposed,
    count(*) FILTER (WHERE exposed AND opened) AS opened,
    count(*) FILTER (WHERE exposed AND choice_far IS NOT NULL AND prior_far IS NOT NULL) AS usable,
    count(*) FILTER (WHERE exposed AND choice_far < prior_far) AS used
FROM (
    SELECT
        decider,
        advice IS NOT NULL OR advice_number IS NOT NULL AS computed,
        coalesce(justification, FALSE) AS late,
        (advice IS NOT NULL OR advice_number IS NOT NULL)
        AND coalesce(shown, TRUE) AND NOT coalesce(justification, FALSE) AS exposed,
        advice_opened_at IS NOT NULL AS opened,
        CASE WHEN prior = advice THEN 0e0 WHEN prior <> advice THEN 1e0
            ELSE abs(prior_number - advice_number) END AS prior_far,
        CASE WHEN choice = advice THEN 0e0 WHEN choice <> advice THEN 1e0
            ELSE abs(choice_number - advice_number) END AS choice_far
    FROM cases
) AS steps
GROUP BY decider
ORDER BY decider NULLS LAST

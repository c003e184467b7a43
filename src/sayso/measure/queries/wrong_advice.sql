-- Cases in which the advice turned out wrong, by person and arm: choices and first views wrong too;
-- the same of those in which it turned out right; and wrong advice planted to see whether it is read.
SELECT
    decider,
    coalesce(shown, TRUE) AS in_view,
    count(*) FILTER (WHERE advice_right = FALSE AND choice_right IS NOT NULL) AS wrong_advice,
    count(*) FILTER (WHERE advice_right = FALSE AND choice_right = FALSE) AS wrong_choice,
    count(*) FILTER (
        WHERE advice_right = FALSE AND choice_right IS NOT NULL AND prior_right IS NOT NULL
    ) AS viewed,
    count(*) FILTER (
        WHERE advice_right = FALSE AND choice_right = FALSE AND prior_right IS NOT NULL
    ) AS viewed_choice,
    count(*) FILTER (
        WHERE advice_right = FALSE AND choice_right IS NOT NULL AND prior_right = FALSE
    ) AS viewed_first,
    count(*) FILTER (WHERE advice_right AND choice_right IS NOT NULL) AS right_advice,
    count(*) FILTER (WHERE advice_right AND choice_right = FALSE) AS missed,
    count(*) FILTER (
        WHERE advice_right AND choice_right IS NOT NULL AND prior_right IS NOT NULL
    ) AS right_viewed,
    count(*) FILTER (
        WHERE advice_right AND choice_right = FALSE AND prior_right IS NOT NULL
    ) AS missed_viewed,
    count(*) FILTER (
        WHERE advice_right AND choice_right IS NOT NULL AND prior_right = FALSE
    ) AS missed_first,
    count(*) FILTER (
        WHERE advice_source = 'planted' AND choice IS NOT NULL AND advice IS NOT NULL
    ) AS planted,
    count(*) FILTER (WHERE advice_source = 'planted' AND choice = advice) AS planted_taken
FROM cases
WHERE NOT coalesce(justification, FALSE)
    AND (outcome_matured OR advice_source = 'planted')
GROUP BY decider, coalesce(shown, TRUE)
ORDER BY decider NULLS LAST, coalesce(shown, TRUE)

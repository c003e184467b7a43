-- How choices, first views and advice turned out, by person and arm, among matured cases.
SELECT
    decider,
    in_view,
    count(*) AS matured,
    count(choice_loss) AS known,
    count(*) FILTER (WHERE choice_right) AS choice_right,
    count(*) FILTER (WHERE choice_right = FALSE) AS choice_wrong,
    count(*) FILTER (WHERE had_prior) AS with_prior,
    count(*) FILTER (WHERE choice_loss IS NOT NULL AND prior_loss IS NOT NULL) AS compared,
    count(*) FILTER (WHERE choice_right AND prior_right = FALSE) AS mended,
    count(*) FILTER (WHERE choice_right = FALSE AND prior_right) AS spoiled,
    sum(CASE WHEN choice_loss IS NOT NULL AND prior_loss IS NOT NULL
        THEN prior_loss - choice_loss ELSE 0e0 END) AS saved,
    count(prior_right) AS prior_known,
    count(*) FILTER (WHERE prior_right) AS prior_right,
    count(advice_right) AS advice_known,
    count(*) FILTER (WHERE advice_right) AS advice_right
FROM (
    SELECT
        decider,
        coalesce(shown, TRUE) AND (advice IS NOT NULL OR advice_number IS NOT NULL) AS in_view,
        prior IS NOT NULL OR prior_number IS NOT NULL AS had_prior,
        choice_right,
        prior_right,
        advice_right,
        choice_loss,
        prior_loss
    FROM cases
    WHERE outcome_matured
        AND NOT coalesce(justification, FALSE)
        AND (choice IS NOT NULL OR choice_number IS NOT NULL)
) AS judged
GROUP BY decider, in_view
ORDER BY decider NULLS LAST, in_view

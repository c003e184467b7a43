-- How choices, first views and advice turned out, by person and arm, among matured cases.
SELECT
    decider,
    in_view,
    count(*) AS matured,
    count(choice_loss) AS known,
    sum(coalesce(choice_loss, 0e0)) AS lost,
    sum(coalesce(choice_loss * choice_loss, 0e0)) AS lost_squares,
    sum(CASE WHEN choice_loss IS NULL THEN coalesce(choice_stake, 1e0) ELSE 0e0 END) AS at_stake,
    count(*) FILTER (WHERE choice_right) AS choice_right,
    count(*) FILTER (WHERE choice_right = FALSE) AS choice_wrong,
    count(*) FILTER (WHERE had_prior) AS with_prior,
    count(*) FILTER (WHERE choice_loss IS NOT NULL AND prior_loss IS NOT NULL) AS compared,
    count(*) FILTER (WHERE choice_right AND prior_right = FALSE) AS mended,
    count(*) FILTER (WHERE choice_right = FALSE AND prior_right) AS spoiled,
    sum(CASE WHEN choice_loss IS NOT NULL AND prior_loss IS NOT NULL
        THEN prior_loss - choice_loss ELSE 0e0 END) AS saved,
    sum(CASE WHEN choice_loss IS NOT NULL AND prior_loss IS NOT NULL
        THEN (prior_loss - choice_loss) * (prior_loss - choice_loss) ELSE 0e0 END) AS saved_squares,
    -- Unknown outcomes at each extreme; a choice that is the first view saves and loses nothing.
    sum(CASE WHEN unknown AND moved THEN coalesce(prior_stake, 1e0) ELSE 0e0 END) AS may_save,
    sum(CASE WHEN unknown AND moved THEN coalesce(choice_stake, 1e0) ELSE 0e0 END) AS may_lose,
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
        prior_loss,
        choice_stake,
        prior_stake,
        (prior IS NOT NULL OR prior_number IS NOT NULL)
        AND (choice_loss IS NULL OR prior_loss IS NULL) AS unknown,
        coalesce(choice <> prior, TRUE) AS moved
    FROM cases
    WHERE outcome_matured
        AND NOT coalesce(justification, FALSE)
        AND (choice IS NOT NULL OR choice_number IS NOT NULL)
) AS judged
GROUP BY decider, in_view
ORDER BY decider NULLS LAST, in_view

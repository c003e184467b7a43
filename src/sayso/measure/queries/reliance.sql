-- Where the advice was right and people first were not, and the other way round; without first
-- views, how wrong and right advice was taken. For quantities nearer to the outcome is right.
SELECT
    decider,
    in_view,
    count(*) FILTER (WHERE advice_better) AS correctable,
    count(*) FILTER (WHERE advice_better AND ended_well) AS listened,
    count(*) FILTER (WHERE advice_worse) AS defensible,
    count(*) FILTER (WHERE advice_worse AND ended_well) AS held_firm,
    count(*) FILTER (WHERE advice_right = FALSE AND chosen IS NOT NULL) AS wrong_advice,
    count(*) FILTER (WHERE advice_right = FALSE AND chosen) AS wrong_taken,
    count(*) FILTER (WHERE advice_right AND chosen IS NOT NULL) AS right_advice,
    count(*) FILTER (WHERE advice_right AND NOT chosen) AS right_refused
FROM (
    SELECT
        decider,
        coalesce(shown, TRUE) AS in_view,
        advice_right,
        choice = advice AS chosen,
        coalesce(
            NOT prior_right AND advice_right AND choice_right IS NOT NULL,
            choice_loss IS NOT NULL AND prior_number IS NOT NULL AND advice_loss < prior_loss
        ) AS advice_better,
        coalesce(
            prior_right AND NOT advice_right AND choice_right IS NOT NULL,
            choice_loss IS NOT NULL AND prior_number IS NOT NULL AND advice_loss > prior_loss
        ) AS advice_worse,
        coalesce(
            choice_right,
            CASE WHEN advice_loss < prior_loss THEN choice_loss < prior_loss
                ELSE choice_loss < advice_loss END
        ) AS ended_well
    FROM cases
    WHERE NOT coalesce(justification, FALSE) AND outcome_matured
) AS judged
GROUP BY decider, in_view
ORDER BY decider NULLS LAST, in_view

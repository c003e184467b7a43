-- What choices cost and the weight of each, one over the stated chance of its arm, by person,
-- kind of case, advice and whether the advice was in view.
SELECT
    decider,
    alike_wide AS cell,
    advice,
    shown,
    count(*) AS matured,
    count(CASE WHEN tried THEN 1 END) AS cases,
    count(CASE WHEN chance IS NULL THEN 1 END) AS unstated,
    count(CASE WHEN chance <= 0 THEN 1 END) AS impossible,
    count(CASE WHEN tried AND chance < 1 THEN 1 END) AS by_chance,
    sum(CASE WHEN tried THEN 1e0 / chance ELSE 0e0 END) AS w,
    sum(CASE WHEN tried THEN 1e0 / (chance * chance) ELSE 0e0 END) AS ww,
    sum(CASE WHEN tried THEN choice_loss ELSE 0e0 END) AS r,
    sum(CASE WHEN tried THEN choice_loss * choice_loss ELSE 0e0 END) AS rr,
    sum(CASE WHEN tried THEN choice_loss / chance ELSE 0e0 END) AS wr,
    sum(CASE WHEN tried THEN choice_loss * choice_loss / chance ELSE 0e0 END) AS wrr,
    sum(CASE WHEN tried THEN choice_loss / (chance * chance) ELSE 0e0 END) AS wwr,
    sum(CASE WHEN tried THEN choice_loss * choice_loss / (chance * chance) ELSE 0e0 END) AS wwrr,
    max(CASE WHEN tried THEN 1e0 / chance END) AS most,
    count(CASE WHEN tried AND choice_loss > 0 THEN 1 END) AS wrong,
    max(choice_stake) AS stake
FROM (
    SELECT
        decider,
        alike_wide,
        advice,
        shown,
        choice_loss,
        choice_stake,
        chance,
        chance > 0 AND choice_loss IS NOT NULL AS tried
    FROM (
        SELECT
            decider,
            alike_wide,
            advice,
            shown,
            choice_loss,
            choice_stake,
            CASE WHEN shown THEN show_probability ELSE 1e0 - show_probability END AS chance
        FROM cases
        WHERE outcome_matured
            AND choice IS NOT NULL
            AND advice IS NOT NULL
            AND shown IS NOT NULL
            AND NOT coalesce(justification, FALSE)
    ) AS arms
) AS stated
GROUP BY decider, alike_wide, advice, shown
ORDER BY decider NULLS LAST, cell NULLS LAST, advice, shown

-- What choices cost and the weight of each, one over its stated chance, by person, kind of case,
-- advice and choice. Chances of 0 are counted and left out of the sums.
SELECT
    decider,
    alike_wide AS cell,
    advice,
    choice,
    count(*) AS matured,
    count(CASE WHEN tried THEN 1 END) AS cases,
    count(CASE WHEN choice_probability IS NULL THEN 1 END) AS unstated,
    count(CASE WHEN choice_probability <= 0 THEN 1 END) AS impossible,
    count(CASE WHEN tried AND choice_probability < 1 THEN 1 END) AS by_chance,
    sum(CASE WHEN tried THEN 1e0 / choice_probability ELSE 0e0 END) AS w,
    sum(CASE WHEN tried THEN 1e0 / (choice_probability * choice_probability) ELSE 0e0 END) AS ww,
    sum(CASE WHEN tried THEN choice_loss ELSE 0e0 END) AS r,
    sum(CASE WHEN tried THEN choice_loss * choice_loss ELSE 0e0 END) AS rr,
    sum(CASE WHEN tried THEN choice_loss / choice_probability ELSE 0e0 END) AS wr,
    sum(CASE WHEN tried THEN choice_loss * choice_loss / choice_probability ELSE 0e0 END) AS wrr,
    sum(CASE WHEN tried THEN choice_loss / (choice_probability * choice_probability)
        ELSE 0e0 END) AS wwr,
    sum(CASE WHEN tried
        THEN choice_loss * choice_loss / (choice_probability * choice_probability)
        ELSE 0e0 END) AS wwrr,
    max(CASE WHEN tried THEN 1e0 / choice_probability END) AS most,
    count(CASE WHEN tried AND choice_loss > 0 THEN 1 END) AS wrong,
    max(choice_stake) AS stake
FROM (
    SELECT
        decider,
        alike_wide,
        advice,
        choice,
        choice_probability,
        choice_loss,
        choice_stake,
        choice_probability > 0 AND choice_loss IS NOT NULL AS tried
    FROM cases
    WHERE outcome_matured
        AND choice IS NOT NULL
        AND advice IS NOT NULL
        AND NOT coalesce(justification, FALSE)
) AS stated
GROUP BY decider, alike_wide, advice, choice
ORDER BY decider NULLS LAST, cell NULLS LAST, advice, choice

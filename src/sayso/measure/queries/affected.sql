-- Choices of the first option (a quantity: its sum) and how choices turned out, by group of
-- affected people, person and kind of alike cases; people and cells as numbers.
SELECT
    input,
    input_code,
    dense_rank() OVER (ORDER BY decider) AS person,
    decider IS NOT NULL AS named,
    dense_rank() OVER (ORDER BY alike_wide) AS cell,
    count(*) AS cases,
    sum(CASE WHEN choice_number IS NOT NULL THEN choice_number
        WHEN choice = $option THEN 1e0 ELSE 0e0 END) AS total,
    count(CASE WHEN outcome_matured THEN 1 END) AS matured,
    count(CASE WHEN outcome_matured AND choice_right IS NOT NULL THEN 1 END) AS known,
    count(CASE WHEN outcome_matured AND choice_right = FALSE THEN 1 END) AS wrong
FROM case_inputs
WHERE input_affected AND (choice IS NOT NULL OR choice_number IS NOT NULL)
GROUP BY input, input_code, decider, alike_wide
ORDER BY input, input_code NULLS LAST, person, cell

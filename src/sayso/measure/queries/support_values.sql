-- Each value of each input: how many answers it ever got, and how many outcomes are known.
SELECT
    input,
    input_code,
    count(*) AS cases,
    count(DISTINCT decider) AS people,
    count(DISTINCT choice) AS answers,
    min(choice) AS answer,
    count(*) FILTER (WHERE matured) AS due,
    count(*) FILTER (WHERE known) AS known
FROM (
    SELECT
        input,
        input_code,
        decider,
        choice,
        coalesce(outcome_matured, TRUE) AS matured,
        outcome IS NOT NULL OR outcome_number IS NOT NULL AS known
    FROM case_inputs
    WHERE input_code IS NOT NULL AND choice IS NOT NULL
) AS coded
GROUP BY input, input_code
ORDER BY input, input_code

-- Each value of each input: the first and last answer in order that it ever got, and how many
-- outcomes are known. Counted by person first, since counting different people is slow.
SELECT
    input,
    input_code,
    sum(cases) AS cases,
    count(decider) AS people,
    min(first_answer) AS first_answer,
    max(last_answer) AS last_answer,
    sum(due) AS due,
    sum(known) AS known
FROM (
    SELECT
        input,
        input_code,
        decider,
        count(*) AS cases,
        min(choice) AS first_answer,
        max(choice) AS last_answer,
        count(*) FILTER (WHERE coalesce(outcome_matured, TRUE)) AS due,
        count(*) FILTER (WHERE outcome IS NOT NULL OR outcome_number IS NOT NULL) AS known
    FROM case_inputs
    WHERE input_code IS NOT NULL AND choice IS NOT NULL
    GROUP BY input, input_code, decider
) AS by_person
GROUP BY input, input_code
ORDER BY input, input_code

-- Choices and outcomes where an input is empty, and where it is not, by person.
SELECT
    input,
    missing,
    decider,
    choice,
    count(*) AS cases,
    count(came) AS known,
    count(*) FILTER (WHERE came) AS came
FROM (
    SELECT
        input,
        input_code IS NULL AS missing,
        decider,
        choice,
        CASE
            WHEN lower(trim(outcome)) IN ('true', 't', 'yes', 'y', '1') THEN TRUE
            WHEN lower(trim(outcome)) IN ('false', 'f', 'no', 'n', '0') THEN FALSE
        END AS came
    FROM case_inputs
    WHERE choice IS NOT NULL
) AS marked
GROUP BY input, missing, decider, choice
ORDER BY input, missing, decider NULLS LAST, choice

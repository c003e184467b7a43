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
        CASE lower(trim(outcome))
            WHEN 'true' THEN TRUE
            WHEN 't' THEN TRUE
            WHEN 'yes' THEN TRUE
            WHEN 'y' THEN TRUE
            WHEN '1' THEN TRUE
            WHEN 'false' THEN FALSE
            WHEN 'f' THEN FALSE
            WHEN 'no' THEN FALSE
            WHEN 'n' THEN FALSE
            WHEN '0' THEN FALSE
        END AS came
    FROM case_inputs
    WHERE choice IS NOT NULL
) AS marked
GROUP BY input, missing, decider, choice
ORDER BY input, missing, decider NULLS LAST, choice

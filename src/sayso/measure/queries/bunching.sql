-- Cases by the exact number, for inputs that the charter compares with a number.
SELECT
    input,
    input_number,
    count(*) AS cases
FROM case_inputs
WHERE input_lined AND input_number IS NOT NULL
GROUP BY input, input_number
ORDER BY input, input_number

-- Cases by input, what it holds, week and half of the cases; an empty cell is a kind of its own.
SELECT
    input,
    late_half,
    week,
    input_code,
    count(*) AS cases
FROM case_inputs
WHERE week IS NOT NULL AND late_half IS NOT NULL
GROUP BY input, late_half, week, input_code
ORDER BY input, late_half, week, input_code NULLS LAST

-- Each input of the case: how often it is filled, and the first and last value in order.
SELECT input, cases, filled, first_value, last_value
FROM input_values
ORDER BY input

-- The codes that reasons were given under.
SELECT reason_code, count(*) AS cases
FROM cases
WHERE reason_code IS NOT NULL
GROUP BY reason_code
ORDER BY cases DESC, reason_code
LIMIT 200

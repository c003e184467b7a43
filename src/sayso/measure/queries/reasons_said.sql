-- Reasons in words, by person; the most frequent first, so that a very long table is cut where
-- nobody says anything twice.
SELECT reason_text, decider, count(*) AS cases
FROM cases
WHERE reason_text IS NOT NULL
GROUP BY reason_text, decider
ORDER BY cases DESC, reason_text, decider NULLS LAST
LIMIT 20000

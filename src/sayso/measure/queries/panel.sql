-- Answers to cases that several people decided, one row a person and case.
SELECT
    case_id,
    decider,
    max(choice) AS choice,
    max(choice_number) AS choice_number
FROM cases
WHERE decider IS NOT NULL
    AND (choice IS NOT NULL OR choice_number IS NOT NULL)
    AND case_id IN (
        SELECT case_id FROM cases
        WHERE case_id IS NOT NULL AND decider IS NOT NULL
        GROUP BY case_id
        HAVING count(DISTINCT decider) > 1
    )
GROUP BY case_id, decider
ORDER BY case_id, decider

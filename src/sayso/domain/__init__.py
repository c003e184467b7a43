"""Words as values: references, answers, grades, evidence words, errors. Standard library only."""

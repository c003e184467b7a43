"""Events, case life, sealing, holdback and the ledger tree will live here."""

"""Coverage of every printed range, where the truth is known because it was simulated."""

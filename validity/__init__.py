"""Simulations that show what Sayso's figures are worth where the truth is known."""

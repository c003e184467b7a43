"""Agenda, reviews, duties over time and who may do what will live here."""

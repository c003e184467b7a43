"""The composition root: one module for each verb a person can ask for."""

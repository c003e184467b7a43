"""The pages in a browser will live here."""

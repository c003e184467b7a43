"""Changes of the store's schema, each with a number, applied in order."""

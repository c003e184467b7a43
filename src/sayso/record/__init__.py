"""The record: events, the life of a case, sealing and holdback, and the tree over all of it."""

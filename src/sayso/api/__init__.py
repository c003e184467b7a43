"""The REST door: programs read and write the record over HTTP."""

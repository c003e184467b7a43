"""One module for each thing a table can say; each turns figures into a section, or a line."""

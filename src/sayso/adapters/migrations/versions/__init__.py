"""One module for each change of the schema; none is ever edited once it has been released."""

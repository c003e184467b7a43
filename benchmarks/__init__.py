"""How long an audit takes and how much memory, beside a script with the usual packages."""

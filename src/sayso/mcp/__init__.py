"""The door for agents: tools of the Model Context Protocol, over a pipe and over HTTP."""

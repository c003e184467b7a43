"""The pages: a small web server over the verbs of the workspace."""

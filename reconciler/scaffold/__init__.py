"""What helps to write YAML: new workspaces, and the one form that all files are put into."""

"""Lint: rules that read a workspace, and where there is data its figures, and say what is better done otherwise."""

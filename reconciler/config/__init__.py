"""Stage 1: the YAML of a workspace → a checked `Workspace`. The only place that reads YAML and the environment."""

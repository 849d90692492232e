"""What Criteo counts: sizes of what exists, and statistics of the lists, asked for in turn."""

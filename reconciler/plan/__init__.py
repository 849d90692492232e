"""Stage 5: decide what is to be done, in which order, and what is stopped."""

"""Stage 3: who belongs, computed by an engine in one pass. The only room that knows SQL."""

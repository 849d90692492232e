"""The frozen nouns that the stages hand to each other. No I/O, no YAML, no SQL, no HTTP."""

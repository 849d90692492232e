"""How things stand: what the state knows, how old it is, and what Criteo makes of it."""

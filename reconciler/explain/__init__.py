"""Why somebody belongs or does not: a definition's conditions one by one, and what each of them comes to."""

"""Spark as the engine. Nothing here is imported before a workspace asks for it: PySpark is an extra."""

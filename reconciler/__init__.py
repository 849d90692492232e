"""reconciler: audiences as code for Criteo."""

__version__ = "0.1.0"

"""The workspace's own tests: run on the embedded engine, judged, and proposed."""

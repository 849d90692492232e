"""A made-up shop for `reconciler demo`: its data, its passing hours, and the sample workspace that reads them.

Nothing here knows the engine. The demo treats this shop as it would treat a customer's.
"""

"""Criteo: the only room that knows HTTP and Criteo's JSON. `connect` makes a client, whose calls go down in rungs.

    client → calls → retry → auth → transport

`client` has one method for each thing that we do, `wire` and `algebra` translate JSON, `bulk` and `problems` tell what
failed, `retry` repeats what may be repeated, `auth` holds the token, `budget` the rate.
"""

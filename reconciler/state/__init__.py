"""What we last sent, kept so that it can be trusted: a snapshot, the ledger, the journal and a lock."""

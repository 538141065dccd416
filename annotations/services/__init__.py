"""The only writers: each function one use case, one transaction, with its events."""

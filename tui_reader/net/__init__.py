"""The network: one polite, bounded HTTP request at a time per host. Knows nothing of feeds or the store."""

"""Where comments come from: one file a kind of site, all behind the protocol of `source.py`. Pure: bytes in, comments
out; they run in the parse worker."""

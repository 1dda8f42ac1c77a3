"""The library file: every word of SQL the program speaks.

Every function takes the connection first. A read needs no transaction. A write is one function, one transaction,
and returns the `Change` it made.
"""

"""The command line: the only place where the parts are put together.

`arguments` says what can be asked, `main` runs it and gives the exit code, `session` holds what every command needs,
`output` has the shapes that scripts rely on (docs/cli.md), and the other modules are one family of commands each.
"""

"""Lets `python -m tui_reader` do what the `tui-reader` command does."""

import sys


def main() -> int:
    """Run the command line; the exit codes are those of docs/cli.md."""
    from tui_reader.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

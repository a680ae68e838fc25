"""The one shape of every sub-command's --help: what it does, its options, an example."""

import argparse


def command_parser(name: str, *, does: str, example: str) -> argparse.ArgumentParser:
    """Give a parser whose help ends with an example."""
    return argparse.ArgumentParser(
        prog=f"liasse {name}",
        description=does,
        epilog=f"Example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def part_parser(name: str, *, does: str) -> argparse.ArgumentParser:
    """Give the parser of a part that `serve` also starts."""
    parser = command_parser(name, does=does, example=f"LIASSE_DATA=/srv/liasse liasse {name}")
    parser.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)
    return parser

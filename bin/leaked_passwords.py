"""Write the list of leaked passwords that nobody may choose: `python bin/leaked_passwords.py LIST`.

LIST has a password a line, the most used first, as in the collection "10 million passwords, top 1,000,000" of the OWASP
project SecLists. What is shorter than any password here is left out. Only five bytes of each SHA-256 are
kept, in order: no password can be read out of them, and one that is not in the list is taken for one of them
less than once in ten million times.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHORTEST = 12
sys.path.insert(0, str(ROOT))


def main(source: str) -> int:
    """Write the marks of a list; 0 when done."""
    from liasse.identity.leaked import LIST, mark  # noqa: PLC0415 - found by the line above

    words = Path(source).read_text(encoding="utf-8", errors="replace").splitlines()
    marks = sorted({mark(word) for word in words if len(word) >= SHORTEST})
    LIST.write_bytes(b"".join(marks))
    print(f"{len(marks)} passwords, {LIST.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

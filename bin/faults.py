"""Kill Liasse a thousand times and more, at every door, and write what was exercised to docs/faults.md.

For the night: about twenty minutes on two cores. `--scale` is how many times the usual number of kills.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cluster import Cluster, ClusterError

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "faults.md"
COUNTED = ("tests/faults/test_door_kill.py", "tests/faults/test_worker_points.py")
KILLS_AT_SCALE = 200
PARTS = {
    "web": "web: uploads, form, link, api, webhook",
    "smtp": "smtp",
    "lmtp": "lmtp",
    "imap": "imap",
    "worker": "worker",
}


def main() -> int:
    """Run the fault tests, the counted ones at the scale asked for; 0 when all passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=5.0, help="times the usual number of kills")
    parser.add_argument("--seed", type=int, default=int(datetime.now(tz=UTC).strftime("%Y%m%d")))
    parser.add_argument("--counted-only", action="store_true", help="only the runs that are counted in the page")
    parser.add_argument("--sqlite-only", action="store_true", help="leave PostgreSQL out")
    options = parser.parse_args()
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        words = {"FAULTS_SCALE": str(options.scale), "FAULTS_SEED": str(options.seed)}
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment = {**kept, **words, "FAULTS_REPORT": folder}
        tests = list(COUNTED) if options.counted_only else ["tests/faults"]
        codes = [_pytest(tests, environment)]
        if not options.sqlite_only:
            with contextlib.suppress(ClusterError), Cluster() as cluster:
                codes.append(_pytest(tests, {**environment, "DATABASE_URL": cluster.url}))
        runs = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(folder).glob("*.json"))]
    kills = sum(run["kills"] for run in runs)
    if kills < KILLS_AT_SCALE * options.scale:
        print(f"Only {kills} kills were counted: this is no run of a night, and nothing is written.")
        return 1
    if runs:
        PAGE.write_text(
            _page(runs, seed=options.seed, words="".join(f" {one}" for one in sys.argv[1:])), encoding="utf-8"
        )
        print(f"Written: {PAGE.relative_to(ROOT)}")
    return max(codes)


def _pytest(tests: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, check=False, env=environment, stdin=subprocess.DEVNULL).returncode


def _page(runs: list[dict[str, Any]], *, seed: int, words: str) -> str:
    now = datetime.now(tz=UTC).strftime("%Y-%m-%d %H:%M UTC")
    lines = [
        "# What was hurt, and what was lost",
        "",
        f"Written by `bin/faults.py{words}` on {now}, seed {seed}.",
        "What is hurt, and how, is in [intake](mechanisms/intake.md).",
        "",
        "| Run | Database | Kills | Seconds | Acknowledged | Lost | Doubled |",
        "|---|---|---|---|---|---|---|",
    ]
    for run in runs:
        acknowledged = sum(counts.get("acknowledged", 0) for counts in run["callers"].values())
        figures = (run["kills"], run["seconds"], acknowledged or "–", run["lost"], run["doubled"])
        lines.append(f"| {run['name']} | {run['database']} | " + " | ".join(map(str, figures)) + " |")
    lines += ["", "## Kills by door and point", "", "| Door | Point | Kills |", "|---|---|---|"]
    points: Counter[str] = Counter()
    at_random: Counter[str] = Counter()
    for run in runs:
        points.update(run["points"])
        at_random.update(run["at_random"])
    for name, count in sorted(points.items()):
        door, _, point = name.partition(": ")
        lines.append(f"| {door} | {point} | {count} |")
    lines += [f"| {PARTS.get(part, part)} | at random | {count} |" for part, count in sorted(at_random.items())]
    lines += ["", "## Callers", "", "| Door | What happened to them |", "|---|---|"]
    callers: dict[str, Counter[str]] = {}
    for run in runs:
        for door, counts in run["callers"].items():
            callers.setdefault(door, Counter()).update(counts)
    for door, found in sorted(callers.items()):
        lines.append(f"| {door} | " + ", ".join(f"{what} {count}" for what, count in sorted(found.items())) + " |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())

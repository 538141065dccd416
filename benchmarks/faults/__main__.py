"""`python -m benchmarks.faults`: all trials, one after the other, each in its own process."""

import subprocess
import sys

NAMES = ["dropped", "bodies", "hanging", "memory", "receivers"]


def main() -> int:
    codes = [subprocess.call([sys.executable, "-m", f"benchmarks.faults.{name}"]) for name in NAMES]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())

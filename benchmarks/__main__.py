"""`python -m benchmarks`: all of them, one after the other, each in its own process."""

import subprocess
import sys

NAMES = ["write", "api", "live", "surface", "pages", "release"]


def main() -> int:
    codes = [subprocess.call([sys.executable, "-m", f"benchmarks.{name}"]) for name in NAMES]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())

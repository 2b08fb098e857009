"""Where the files that tests read are."""

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CASES = ROOT / "tests" / "cases"
SEEDS = ROOT / "seeds"
SEED = SEEDS / "000_1f241362353919f8.txt"
SHARED = ROOT.parent / "shared"

"""The paths of files and directories."""

from pathlib import Path

from training.failed import Failed

ROOT = Path(__file__).resolve().parents[3]
WORK = ROOT / "target/model"
MODEL = ROOT / "data/model.json"
MAILRUNWAY = ROOT / "target/release/mailrunway"
EVAL = ROOT.parent / "shared/eval"


def check():
    """Fails if ../shared/eval is missing."""
    if not (EVAL / "score.py").exists():
        raise Failed(f"{EVAL} is missing: it has the data, the peers and the scorer")

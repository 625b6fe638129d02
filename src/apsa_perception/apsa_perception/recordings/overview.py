from pathlib import Path


def write_overview(out: Path) -> None:
    pass

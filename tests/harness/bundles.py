"""What a built bundle says of itself."""

import json
import tarfile
from pathlib import Path


def read_revision(bundle: Path) -> str:
    """The revision in a bundle's manifest."""
    with tarfile.open(bundle) as archive:
        for member in archive:
            if member.name.lstrip("/") == ".manifest" and (file := archive.extractfile(member)):
                revision: str = json.load(file)["revision"]
                return revision
    raise ValueError(f"{bundle} has no manifest")

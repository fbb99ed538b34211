"""`./run docs`: write the generated pages again.

Only in a source checkout.
"""

from __future__ import annotations

import os
from pathlib import Path

from syncline.cli.output import AsJson, out, print_json


def docs(*, as_json: AsJson = False) -> None:
    """Write one page for each code of the catalog into docs/reference/errors/."""
    from syncline.domain.issues.reference_page import pages

    folder = Path(os.environ["SYNCLINE_ROOT"]) / "docs" / "reference" / "errors"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = dict(pages())
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text)
    if as_json:
        print_json({"pages": len(wanted)})
    else:
        out.print(f"{len(wanted)} pages written.")

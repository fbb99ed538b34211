"""`./run test`: the whole suite, with what it needs installed first.

Only in a source checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import typer

from syncline.cli.output import err, fail

#: Names under which distributions install Chromium.
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def test(context: typer.Context) -> None:
    """Run the tests; further arguments go to pytest (`--nightly` adds long proofs)."""
    _need_browser()
    arguments = [a for a in context.args if a != "--nightly"]
    environment = dict(os.environ)
    if "--nightly" in context.args:
        environment["SYNCLINE_NIGHTLY"] = "1"
    root = Path(os.environ["SYNCLINE_ROOT"])
    command = [sys.executable, "-m", "pytest", *arguments]
    raise typer.Exit(
        subprocess.run(command, cwd=root, env=environment, check=False).returncode
    )


def _need_browser() -> None:
    if any(shutil.which(name) for name in BROWSERS):
        return
    if not (os.geteuid() == 0 and shutil.which("apt-get")):
        fail(
            "The browser tests need Chromium. Install it (Debian: apt-get install "
            "chromium; Fedora: dnf install chromium; macOS: brew install chromium) "
            "and run this again."
        )
    err.print("Installing Chromium for the browser tests (once).")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = [
        "chromium",
        "fonts-noto-core",
        "fonts-noto-cjk",
        "fonts-noto-color-emoji",
    ]
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        result = subprocess.run(
            command, env=quiet, check=False, capture_output=True, text=True
        )
        if result.returncode:
            err.print(result.stderr[-2000:], markup=False)
            fail("Chromium could not be installed; install it by hand and try again.")

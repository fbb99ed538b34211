"""`./run test`: the whole suite, with what it needs installed first.

Only in a source checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

import typer

from syncline.cli.output import err, fail

#: Tests of whole installations; they take as long as all others together.
WHOLE_INSTALLATIONS = ("tests/scenario", "tests/failure_scenarios")

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
    if arguments:
        raise typer.Exit(_run(arguments, root, environment).wait())
    raise typer.Exit(_run_all(root, environment))


def _run_all(root: Path, environment: dict[str, str]) -> int:
    """Both halves at once, each with a PostgreSQL of its own; the worse exit code."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as report:
        whole = _run(list(WHOLE_INSTALLATIONS), root, environment, report)
        try:
            rest = [f"--ignore={path}" for path in WHOLE_INSTALLATIONS]
            codes = [_run(rest, root, environment).wait(), whole.wait()]
        except BaseException:
            whole.terminate()
            whole.wait()
            raise
        report.seek(0)
        shutil.copyfileobj(report, sys.stdout)
    return max(codes)


def _run(
    arguments: list[str],
    root: Path,
    environment: dict[str, str],
    report: IO[str] | None = None,
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.Popen(
        command, cwd=root, env=environment, stdout=report, stderr=report
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

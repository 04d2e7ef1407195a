#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# docs/calibrate-your-app.md, tried as written: its files are written to a new folder, its commands run there
# one after the other, and what the page shows of their output must be in it, in that order. Commands
# that need a running server are after the heading "Measure", and are not run here.
"""Run the commands of docs/calibrate-your-app.md: page_test.py COTENANT."""

import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "calibrate-your-app.md"
FILE = re.compile(r"^`([\w.-]+)`:\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DAY = 1764748800  # 2025-12-03T08:00:00Z


def triangular(rng, mean):
    """Without functions that differ from one library to the next."""
    return mean * (rng.random() + rng.random())


def access_log():
    """Twenty minutes of a shop with 12 requests a second, in nginx's combined format and two durations."""
    rng = random.Random(1)
    lines, now = [], DAY
    while now < DAY + 1200:
        now += triangular(rng, 1 / 12)
        request, mean = ((f"GET /products/{rng.randrange(1, 400)}", 0.03) if rng.random() < 0.8 else
                         ("POST /checkout", 0.09))
        took = triangular(rng, mean)
        stamp = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now + took))
        lines.append((now + took, f'10.0.0.7 - - [{stamp}] "{request} HTTP/1.1" 200 {rng.randrange(2000, 9000)} '
                                  f'"-" "Mozilla/5.0" {took:.3f} {took:.3f}\n'))
    return "".join(line for _, line in sorted(lines))


def commands(block):
    """(command, lines shown below it) of a block; a command goes on after a backslash."""
    for part in re.split(r"^\$ ", block.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, [line for line in shown.splitlines() if line.strip() and line.strip() != "..."]


def missing(shown, output):
    """The first line that is not in what is left of the output, or None."""
    left = iter(output.splitlines())
    return next((line for line in shown if line not in left), None)


def main():
    cotenant = str(pathlib.Path(sys.argv[1]).resolve())
    page = PAGE.read_text(encoding="utf-8").split("## Measure")[0]
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILE.findall(page):
            pathlib.Path(folder, name).write_text(text, encoding="utf-8")
        pathlib.Path(folder, "access.log").write_text(access_log(), encoding="utf-8")
        count = 0
        for block in SHELL.findall(page):
            for command, shown in commands(block):
                program = re.sub(r"^cotenant\b", cotenant, command)
                done = subprocess.run(["bash", "-c", program], cwd=folder, capture_output=True, text=True)
                line = missing(shown, done.stdout + done.stderr)
                if done.returncode != 0 or line is not None:
                    sys.exit(f"$ {command}\n{done.stdout}{done.stderr}exit code {done.returncode}; "
                             f"the page shows, but this has not: {line}")
                count += 1
    print(f"{count} commands")
    sys.exit(0 if count >= 3 else "the page has too few commands")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
#
# What the checks of the source tree share: which files there are, and how findings are printed.
# Works on a directory, not on git, so that it can check an exported tree and the tests' small ones.
"""Shared by tools/layers, tools/banned, tools/tidy and tools/links."""

import argparse
import os
import pathlib
import sys

# Written by builds and tools, never by people.
GENERATED = {"build", "out", "__pycache__"}
HERE = pathlib.Path(__file__).resolve().parent.parent


def parser(description):
    """An argument parser with the option that all checks have."""
    result = argparse.ArgumentParser(description=description)
    result.add_argument("--root", type=pathlib.Path, default=HERE, help="the tree to check")
    return result


def files(root, suffixes=None):
    """The paths of all files relative to root, sorted; suffixes such as {".h", ".cpp"} narrow them."""
    found = []
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = [name for name in subfolders
                         if name not in GENERATED and (name == ".ci" or not name.startswith("."))]
        found += [pathlib.Path(folder, name).relative_to(root) for name in names]
    return sorted(path for path in found if suffixes is None or path.suffix in suffixes)


def text(root, path):
    """The text of a file, or None when it is no text."""
    try:
        return (root / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def conclude(name, checked, findings):
    """Print what was found, one per line, and exit with 1 when there was something."""
    for finding in findings:
        print(finding)
    print(f"{name}: {checked}, {len(findings)} findings")
    sys.exit(1 if findings else 0)

# SPDX-License-Identifier: Apache-2.0
#
# Control groups for one run, of version 1 or 2, whichever the machine has, and gone afterwards. All are
# below one that has more weight than whatever else runs on the machine, so that it disturbs less.
# Without the right to make groups there are none, and what needs a limit is left out.
import os
import pathlib
import time

MOUNT = pathlib.Path("/sys/fs/cgroup")
IS_VERSION_2 = (MOUNT / "cgroup.controllers").exists()
PERIOD_US = 100000


def hierarchies():
    if IS_VERSION_2:
        return [MOUNT]
    # cpu and cpuacct are often two names of one hierarchy.
    return list(dict.fromkeys((MOUNT / name).resolve() for name in ("cpu", "cpuacct", "memory")))


def write(folders, name, text):
    """To the one hierarchy that has this file."""
    next(folder / name for folder in folders if (folder / name).exists()).write_text(text)


class Group:
    """A group that may hold processes, which are started with `join` as their preexec_fn."""

    def __init__(self, parents, name):
        self.folders = []
        try:
            for parent in parents:
                (parent / name).mkdir()
                self.folders.append(parent / name)
        except OSError:
            self.remove()
            raise

    def limit(self, quota_us):
        if IS_VERSION_2:
            write(self.folders, "cpu.max", f"{quota_us} {PERIOD_US}")
        else:
            write(self.folders, "cpu.cfs_period_us", str(PERIOD_US))
            write(self.folders, "cpu.cfs_quota_us", str(quota_us))

    def join(self):
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(os.getpid()))

    def remove(self):
        """The kernel lets go of a group some time after its last process has ended."""
        for folder in self.folders:
            for _ in range(100):
                try:
                    folder.rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


def share_out(folders):
    """Groups of version 2 say which controllers those in them have."""
    control = folders[0] / "cgroup.subtree_control"
    if IS_VERSION_2 and not {"cpu", "memory"} <= set(control.read_text().split()):
        control.write_text("+cpu +memory")


class Stage(Group):
    """The group around those of a run."""

    def __init__(self):
        roots = hierarchies()
        share_out(roots)
        super().__init__(roots, f"cotenant-truth-{os.getpid()}")
        try:
            write(self.folders, *(("cpu.weight", "10000") if IS_VERSION_2 else ("cpu.shares", "102400")))
            share_out(self.folders)
        except OSError:
            self.remove()
            raise

    def group(self, name):
        return Group(self.folders, name)


def why_none():
    """Why no groups can be made here; empty if they can."""
    try:
        with Stage() as stage, stage.group("probe") as group:
            group.limit(PERIOD_US // 2)
            return ""
    except OSError as error:
        return f"{error.strerror}: {error.filename}"

# SPDX-License-Identifier: Apache-2.0
#
# What is run. Parameters are fitted to the runs named *_low alone; the others are predicted.
import dataclasses


@dataclasses.dataclass(frozen=True)
class Experiment:
    name: str
    kind: str  # sync, gthread or uvicorn
    rate: float  # requests a second
    seed: int
    workers: int = 1
    threads: int = 4  # of gthread
    quota_us: int = 0  # CPU in each 100 ms; 0: no limit
    neighbors: int = 0  # processes that compute all the time, in a group of their own

    @property
    def is_fitted(self):
        return self.name.endswith("_low")

    @property
    def seconds(self):
        """The regression of CPU wants thirty windows, of about a second each here."""
        return 40 if self.is_fitted else 20

    @property
    def needs_groups(self):
        return self.quota_us > 0 or self.neighbors > 0


EXPERIMENTS = [
    Experiment("sync_low", "sync", 14, seed=1, workers=2),
    Experiment("sync_busy", "sync", 55, seed=2, workers=2),
    Experiment("sync_busy_again", "sync", 55, seed=2, workers=2),
    Experiment("sync_4_workers", "sync", 75, seed=3, workers=4),
    Experiment("sync_quota", "sync", 40, seed=4, workers=2, quota_us=60000),
    Experiment("sync_neighbors", "sync", 40, seed=5, workers=2, neighbors=2),
    Experiment("gthread_low", "gthread", 14, seed=6),
    Experiment("gthread_busy", "gthread", 55, seed=7),
    Experiment("uvicorn_low", "uvicorn", 14, seed=8),
    Experiment("uvicorn_busy", "uvicorn", 55, seed=9),
]

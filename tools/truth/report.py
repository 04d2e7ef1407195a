# SPDX-License-Identifier: Apache-2.0
#
# One table of what was measured and what was predicted, in Markdown, out of the JSON of `cotenant validate`.
import csv
import gzip

HEAD = """| run | class | p50 | p95 | p99 | error of p50 | p95 | p99 | noise floor | CPU | its error | others |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""
FOOT = """p50, p95, p99: measured, in ms. Errors: predicted / measured - 1; * means that what was measured is outside of what
the prediction expects in nine of ten runs. Noise floor: of p50, p95 and p99, the standard deviation if the same were
recorded again, by resampling. CPU: cores that the application used. Others: cores that all else on the machine used
meanwhile, nginx, the load generator and neighbors included."""
PERCENTILES = ["latency_p50", "latency_p95", "latency_p99"]


def counted(file, column, group=None):
    """How much a counter has risen a microsecond."""
    with gzip.open(file, "rt") as text:
        rows = [row for row in csv.DictReader(text) if row[column] and row.get("group") == group]
    return (int(rows[-1][column]) - int(rows[0][column])) / (int(rows[-1]["at_us"]) - int(rows[0]["at_us"]))


def cores_of(bundle):
    """Cores that the application used, whose group comes first, and all others."""
    own = counted(bundle / "groups.csv.gz", "cpu_us", "0")
    return own, counted(bundle / "host.csv.gz", "busy_us") - own


def percent(ratio):
    return f"{100 * ratio:+.1f} %"


def error(cell):
    surprising = cell["low"] is not None and not cell["low"] <= cell["measured"] <= cell["high"]
    return percent(cell["relative_error"]) + (" *" if surprising else "")


def by_run(cells):
    """Of each run its classes, of each class its cells; the CPU is of the class that has no name."""
    runs = {}
    for cell in cells:
        run, _, of = cell["bundle"].partition(": ")
        runs.setdefault(run, {}).setdefault(of, {})[cell["metric"]] = cell
    return runs


def rows(runs, folder):
    for run, classes in runs.items():
        own, others = cores_of(folder / run)
        cpu = classes.pop("")["service_cpu_utilization"]
        for number, (name, cells) in enumerate(sorted(classes.items())):
            found = [cells[metric] for metric in PERCENTILES]
            texts = [run if number == 0 else "", name, *(f"{1e3 * cell['measured']:.0f}" for cell in found),
                     *map(error, found), " / ".join(f"{100 * cell['noise_floor']:.0f}" for cell in found) + " %"]
            texts += [f"{own:.2f}", percent(cpu["relative_error"]), f"{others:.2f}"] if number == 0 else [""] * 3
            yield f"| {' | '.join(texts)} |"


def repeats(runs):
    """How far off a second run with the same requests was: no prediction is better."""
    for run in runs:
        again = runs.get(f"{run}_again", {})
        for name in sorted(set(again) & set(runs[run])):
            changes = [again[name][metric]["measured"] / runs[run][name][metric]["measured"] - 1
                       for metric in PERCENTILES]
            yield f"{run}, {name}, the same again: " + ", ".join(map(percent, changes))


def report(cells, folder):
    runs = by_run(cells)
    table = "\n".join([HEAD, *rows(runs, folder)])
    again = "\n".join(repeats(runs))
    return "\n\n".join(part for part in (table, again, FOOT) if part)

"""What the Python peers share: flags, the timing loop and the one JSON line that they print."""

import argparse
import json
import resource
import statistics
import sys
import time

from workload import WORKLOADS


def flag_parser(description):
    """The flags that all have; a peer may add its own."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--workload", choices=list(WORKLOADS), required=True)
    parser.add_argument("--phase", choices=["train", "infer"], required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to measure, after warming up")
    return parser


def measure(step, seconds):
    """Times step() until `seconds` have passed, after three steps of warming up; in milliseconds."""
    for _ in range(3):
        step()
    times, start = [], time.perf_counter()
    while not times or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        step()
        times.append((time.perf_counter() - before) * 1e3)
    return times


def report(peer, version, arguments, **result):
    """Prints the line. `times` becomes the median, the least and the number of runs; with `error` there are no times."""
    line = {
        "peer": peer,
        "version": version,
        "workload": arguments.workload,
        "phase": arguments.phase,
        "threads": arguments.threads,
    }
    times = result.pop("times", None)
    if times is not None:
        line.update(ms=round(statistics.median(times), 4), best=round(min(times), 4), runs=len(times))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line.update(peakBytes=peak if sys.platform == "darwin" else peak * 1024, **result)
    print(json.dumps(line), flush=True)

#!/usr/bin/env python3
"""Measures bailouts and compilations against node, and writes a section of bench/results.md.

usage: bench/choreography.py [--runs n] [--no-build] [--changes n]

The runs of both engines take turns. Each number is the median over many events of the same kind inside a process, then the median
over the runs: a preempted event does not count, so that the load of the machine shows little.
"""
import argparse
import datetime
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

from run import HERE, ROOT, machine, read

CLI = ["dotnet", os.path.join(ROOT, "src", "Segno.Cli", "bin", "Release", "net10.0", "Segno.Cli.dll")]
HEAD = "## Choreography"


def output_of(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit code {done.returncode}: {(done.stderr or done.stdout).strip()[:300]}")
    return done.stdout


def program(name):
    return os.path.join(HERE, "programs", name + ".js")


def bailouts(command):
    """Frames to the microseconds that a failing call takes longer than a passing one."""
    lines = re.findall(r"^result (\d+) ([\d.]+) ([\d.]+)", output_of(command + ["--allow-natives-syntax", program("deoptimization")]), re.M)
    return {int(frames): float(failing) - float(passing) for frames, passing, failing in lines}


def later_half(samples):
    return {name: statistics.median(times[len(times) // 2:]) for name, times in samples.items()}


def node_compilations():
    samples = {}
    text = output_of(["node", "--allow-natives-syntax", "--trace-opt", program("compilation")])
    for name, *times in re.findall(r"completed compiling \S+ <JSFunction (\w+) .*took ([\d.]+), ([\d.]+), ([\d.]+) ms", text):
        samples.setdefault(name, []).append(sum(map(float, times)))
    return later_half(samples)


def our_compilations():
    """Milliseconds of each function's compilation, and those of them that hold the script up when there is another thread."""
    whole, blocked = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "events.jsonl")
        output_of(CLI + ["--allow-natives-syntax", "--single-threaded", "--trace-events=" + path, program("compilation")])
        compiled = 0
        for line in read(path).splitlines():
            event = json.loads(line)
            if event["event"] == "tierup.compile":
                compiled = event["microseconds"]
            elif event["event"] == "tierup.install" and "subject" in event:  # the script's own code has no name
                whole.setdefault(event["subject"], []).append((compiled + event["blocked"]) / 1000)
                blocked.setdefault(event["subject"], []).append(event["blocked"] / 1000)
    return later_half(whole), later_half(blocked)


def medians(runs):
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def type_changes(count):
    """The unit test with a larger count; it asserts what is promised."""
    environment = dict(os.environ, SEGNO_TYPE_CHANGES=str(count))
    command = ["dotnet", "run", "-c", "Release", "--no-build", "--project", os.path.join(ROOT, "tests", "Segno.Tests"), "--",
               "--filter-method", "*TheSameBetIsLostAtMostTwice", "--show-live-output", "on"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=1800)
    found = re.search(r"type changes: .*", done.stdout)
    return ("passed" if done.returncode == 0 else "FAILED") + (": " + found.group(0) if found else "")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--changes", type=int, default=1_000_000)
    parser.add_argument("--no-build", action="store_true")
    options = parser.parse_args()
    if not options.no_build:
        subprocess.run(["dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet", ROOT], check=True)
    ours, theirs, our_times, their_times, waits = [], [], [], [], []
    for run in range(options.runs):
        print(f"run {run + 1}", file=sys.stderr)
        ours.append(bailouts(CLI))
        theirs.append(bailouts(["node"]))
        whole, blocked = our_compilations()
        our_times.append(whole)
        waits.append(blocked)
        their_times.append(node_compilations())
    version = output_of(["node", "--version"]).strip()
    lines = [
        HEAD, "",
        f"{datetime.date.today()}, {machine()}, load {os.getloadavg()[0]:.0f}; node {version}; medians of {options.runs} interleaved runs. Written by `bench/choreography.py`.", "",
        "### One eager bailout", "",
        "The innermost of so many frames meets another hidden class, the outermost has two objects that were not allocated. Microseconds from the",
        "call to its return, less those of a call that does not fail: deoptimization, its accounting, the rest of the function in the interpreter.", "",
        "| frames | segno | node | segno : node |", "|---|---|---|---|",
    ]
    a, b = medians(ours), medians(theirs)
    lines += [f"| {frames} | {a[frames]:.1f} | {b[frames]:.1f} | {a[frames] / b[frames]:.2f} |" for frames in sorted(a)]
    lines += ["", "### Compilation", "",
              "Milliseconds, warm, from the request to the installed code; *script waits* is the part that the script's thread does when another compiles.", "",
              "| function | segno | node | segno : node | script waits |", "|---|---|---|---|---|"]
    a, b, c = medians(our_times), medians(their_times), medians(waits)
    lines += [f"| {name} | {a[name]:.2f} | {b[name]:.2f} | {a[name] / b[name]:.2f} | {c[name]:.2f} |" for name in a if name in b]
    lines += ["", f"*long* has about 1,000 bytecodes.", ""]
    if options.changes > 0:
        lines += ["### Type changes", "", type_changes(options.changes) + ".", ""]
    path = os.path.join(HERE, "results.md")
    text = read(path)
    at = text.find(HEAD)
    with open(path, "w", encoding="utf-8") as file:
        file.write((text if at < 0 else text[:at]).rstrip("\n") + "\n\n" + "\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Runs the benchmark programs on segno and on node in turns and writes bench/results.md.

usage: bench/run.py [--runs n] [--only text] [--tier interpreter|baseline|segno] [--no-build] [--output file]

Octane is looked for in OCTANE_ROOT (the folder with base.js), else installed from npm into a temporary folder.
"""
import argparse
import datetime
import math
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
OCTANE = ["richards", "deltablue", "crypto", "raytrace", "navier-stokes", "splay"]
PROGRAMS = ["fib", "properties", "strings", "closures", "arrays", "objects20m"]
KERNELS = ["matrix", "nbody", "spectral", "fannkuch", "mandelbrot", "hash"]
TIME_LIMIT_IN_SECONDS = 900

PRELUDE = "var out = typeof print === 'function' ? print : (t) => console.log(t);\n"
OCTANE_DRIVER = """
BenchmarkSuite.config.doWarmup = undefined;
BenchmarkSuite.config.doDeterministic = undefined;
BenchmarkSuite.RunSuites({
  NotifyResult: function () {},
  NotifyError: function (name, error) { out('error ' + name + ' ' + error); },
  NotifyScore: function (score) { out('result ' + score); }
});
"""
PROGRAM_DRIVER = """
var start = performance.now();
var answer = run();
out('result ' + (performance.now() - start));
out('answer ' + answer);
"""
# The median run of those of two seconds, the first ones included: what a program that computes for a while gets.
SUSTAINED_DRIVER = """
(function () {
  var durations = [], answer, begin = performance.now();
  while (performance.now() - begin < 2000 || durations.length < 9) {
    var start = performance.now();
    answer = run();
    durations.push(performance.now() - start);
  }
  durations.sort(function (a, b) { return a - b; });
  out('result ' + durations[durations.length >> 1]);
  out('answer ' + answer);
})();
"""


class Engine:
    def __init__(self, name, command):
        self.name = name
        self.command = command

    def run(self, path, flags=()):
        begin = time.perf_counter()
        done = subprocess.run(self.command + list(flags) + [path], capture_output=True, text=True, timeout=TIME_LIMIT_IN_SECONDS)
        seconds = time.perf_counter() - begin
        if done.returncode != 0:
            raise RuntimeError(f"{self.name}: exit code {done.returncode}: {(done.stderr or done.stdout).strip()[:300]}")
        return done.stdout, seconds


def find_octane(temporary):
    root = os.environ.get("OCTANE_ROOT")
    if not root:
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", temporary, "benchmark-octane"], check=True)
        root = os.path.join(temporary, "node_modules", "benchmark-octane")
    for folder, _, files in os.walk(root):
        if "base.js" in files:
            return folder
    sys.exit(f"no base.js under {root}")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(folder, name, text):
    path = os.path.join(folder, name + ".js")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def answer_of(output):
    found = re.search(r"^answer (.*)$", output, re.M)
    return found.group(1) if found else None


def result_of(output):
    found = re.search(r"^result ([\d.]+)", output, re.M)
    if not found or "error " in output:
        raise RuntimeError("no result: " + output.strip()[:300])
    return float(found.group(1))


def measure(engines, path, runs, metric):
    """Interleaved runs, so that a change of the machine's mood meets all engines alike; the median of each."""
    samples = {engine.name: [] for engine in engines}
    errors = {}
    answers = set()
    for _ in range(runs):
        for engine in engines:
            if engine.name in errors:
                continue
            try:
                output, seconds = engine.run(path)
                answers.add(answer_of(output))
                if len(answers) > 1:
                    raise RuntimeError("another answer: " + " or ".join(sorted(map(str, answers))))
                samples[engine.name].append(metric(output, seconds))
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                errors[engine.name] = str(error)
                print(f"  {engine.name}: {error}", file=sys.stderr)
    return {name: statistics.median(values) for name, values in samples.items() if values and name not in errors}


def machine():
    model = platform.processor() or platform.machine()
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", read("/proc/cpuinfo"), re.M)
        model = found.group(1) if found else model
    except OSError:
        pass
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def number(value):
    return "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


# What is compared: one tier of each engine with the same of the other.
PAIRS = [("interpreter", "jitless"), ("baseline", "sparkplug"), ("segno", "node")]


def table(title, unit, rows, higher_is_better, pairs):
    """rows: (name, {engine: median}). The ratio is how many times as fast segno is."""
    names = [name for pair in pairs for name in pair]
    heads = names + [f"{ours} : {theirs}" for ours, theirs in pairs]
    lines = [f"### {title}", "", "| program | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    ratios = {pair: [] for pair in pairs}
    for name, medians in rows:
        cells = [number(medians.get(engine)) for engine in names]
        for pair in pairs:
            ours, theirs = (medians.get(engine) for engine in pair)
            if not ours or not theirs:
                cells.append("-")
                continue
            ratio = ours / theirs if higher_is_better else theirs / ours
            ratios[pair].append(ratio)
            cells.append(f"{ratio:.2f}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    means = [f"**{math.exp(statistics.fmean(map(math.log, r))):.2f}**" if r else "-" for r in ratios.values()]
    lines.append("| **geometric mean** |" + " |" * len(names) + " " + " | ".join(means) + " |")
    return "\n".join(lines + ["", f"Unit: {unit}. A ratio above 1 means that segno is faster.", ""])


def pauses(engines, path):
    """Pauses of the collectors over the allocation program, from --trace-gc."""
    lines = ["### Pauses of the allocation program", "", "| engine | collections | longest ms | total ms |", "|---|---|---|---|"]
    for engine in engines:
        try:
            output, _ = engine.run(path, ["--trace-gc"])
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            print(f"  {engine.name}: {error}", file=sys.stderr)
            continue
        if engine.name == "segno":
            times = [float(t) / 1000 for t in re.findall(r"KiB, (\d+) us;", output)]
        else:
            times = [float(t) for t in re.findall(r"MB, ([\d.]+) / [\d.]+ ms", output)]
        if times:
            lines.append(f"| {engine.name} | {len(times)} | {max(times):.2f} | {sum(times):.0f} |")
    return "\n".join(lines + [""])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="")
    parser.add_argument("--tier", default="", choices=["", *(ours for ours, _ in PAIRS)])
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("--output", default=os.path.join(HERE, "results.md"))
    options = parser.parse_args()
    if not options.no_build:
        subprocess.run(["dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet", os.path.join(ROOT, "src", "Segno.Cli")], check=True)
    command = ["dotnet", os.path.join(ROOT, "src", "Segno.Cli", "bin", "Release", "net10.0", "Segno.Cli.dll")]
    segno = Engine("segno", command)
    node = Engine("node", ["node"])
    every = [
        Engine("interpreter", command + ["--interpreter-only"]),
        Engine("jitless", ["node", "--jitless", "--no-expose-wasm"]),
        Engine("baseline", command + ["--baseline-only"]),
        Engine("sparkplug", ["node", "--no-opt", "--always-sparkplug"]),
        segno,
        node,
    ]
    pairs = [pair for pair in PAIRS if options.tier in ("", pair[0])]
    engines = [engine for engine in every if any(engine.name in pair for pair in pairs)]
    sections = []
    with tempfile.TemporaryDirectory() as temporary:
        chosen = [name for name in OCTANE if options.only in name]
        if chosen:
            octane = find_octane(temporary)
            base = read(os.path.join(octane, "base.js"))
            rows = []
            for name in chosen:
                print(name, file=sys.stderr)
                path = write(temporary, name, PRELUDE + base + "\n" + read(os.path.join(octane, name + ".js")) + OCTANE_DRIVER)
                rows.append((name, measure(engines, path, options.runs, lambda output, _: result_of(output))))
            sections.append(table("Octane", "score, higher is better", rows, True, pairs))
        def run_programs(title, names, compared, driver=PROGRAM_DRIVER, unit="milliseconds inside the process, lower is better"):
            """Those of the names that --only leaves, on the engines of the given pairs."""
            chosen = [name for name in names if options.only in name]
            used = [engine for engine in engines if any(engine.name in pair for pair in compared)]
            rows = []
            for name in chosen if used else []:
                print(name, file=sys.stderr)
                path = write(temporary, name, PRELUDE + read(os.path.join(HERE, "programs", name + ".js")) + driver)
                rows.append((name, measure(used, path, options.runs, lambda output, _: result_of(output))))
            if rows:
                sections.append(table(title, unit, rows, False, compared))
            return chosen

        chosen = run_programs("Own programs", PROGRAMS, pairs)
        if "objects20m" in chosen:
            sections.append(pauses([segno, node], os.path.join(temporary, "objects20m.js")))
        # Numeric loops are about the optimizing compiler: the tiers below would only lengthen the run.
        compared = [pair for pair in pairs if pair == ("segno", "node")]
        run_programs("Kernels", KERNELS, compared, SUSTAINED_DRIVER, "milliseconds of the median run of two seconds, lower is better")
        run_programs("Kernels, the first run in a process", KERNELS, compared)
        if options.only in "print1":
            path = write(temporary, "print1", PRELUDE + "out(1);")
            rows = [("print1", measure(engines, path, max(options.runs, 5), lambda _, seconds: seconds * 1000))]
            sections.append(table("Start", "milliseconds of wall clock for a process that prints 1", rows, False, pairs))
    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()
    head = [
        "# Results",
        "",
        f"{datetime.date.today()}, {machine()}; node {version}; medians of {options.runs} interleaved runs. Written by `bench/run.py`.",
        "",
    ]
    # Another script's section stays.
    before = read(options.output) if os.path.exists(options.output) else ""
    at = before.find("## Choreography")
    with open(options.output, "w", encoding="utf-8") as file:
        file.write("\n".join(head) + "\n" + "\n".join(sections) + ("\n" + before[at:] if at >= 0 else ""))
    print("\n".join(sections))


if __name__ == "__main__":
    main()

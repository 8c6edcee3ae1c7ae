#!/usr/bin/env python3
"""Plants faults, one at a time, in a copy of the sources, and tells which of them the differential tests find.

usage: run.py [--count n] [--threads n] [--only name,name] [--keep folder]

A fault counts as found when a batch of fixed seeds fails: in the modes of the engine, or, where node is at hand, against node, which alone
can see a fault that all modes share. Needs Python 3.11 or later and the .NET SDK; builds the engine once for each fault.
"""
import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PARTS = ["src", "tests/Segno.Differential", "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"]


def copy_sources(target: pathlib.Path) -> None:
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("bin", "obj"))
        elif source.exists():
            (target / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / part)


def run(command: list[str], folder: pathlib.Path, timeout: int) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout)


def build(folder: pathlib.Path) -> None:
    # A planted fault may leave something unused; that is no reason to stop.
    result = run(["dotnet", "build", "-c", "Release", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", "tests/Segno.Differential"], folder, 900)
    if result.returncode != 0:
        sys.exit("the build failed:\n" + result.stdout[-3000:])


def batch(folder: pathlib.Path, count: int, *options: str) -> str | None:
    """The first failure, or None."""
    program = folder / "tests/Segno.Differential/bin/Release/net10.0/Segno.Differential.dll"
    command = ["dotnet", str(program), "--seed", "1", "--count", str(count), "--first", "--out", str(folder / "failures"), *options]
    result = run(command, folder, 3600)
    failed = [line for line in result.stdout.splitlines() if line.startswith("FAILED")]
    return failed[0] if failed else None


def find(folder: pathlib.Path, count: int, threads: int, shared: bool = True) -> str | None:
    options = ["--threads", str(threads)] if threads else []
    # Against node is quicker: one mode. It says nothing of a fault that the interpreter cannot have.
    found = batch(folder, count, "--node", *options) if shared and shutil.which("node") else None
    return found or batch(folder, count, *options)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=0, help="programs at a time (default: one per processor)")
    parser.add_argument("--only", type=lambda names: names.split(","), help="names of faults")
    parser.add_argument("--keep", type=pathlib.Path, help="work here and leave it behind")
    arguments = parser.parse_args()
    faults = tomllib.loads((HERE / "faults.toml").read_text())["fault"]
    faults = [f for f in faults if arguments.only is None or f["name"] in arguments.only]

    for fault in faults:
        if (found := (ROOT / fault["file"]).read_text().count(fault["find"])) != 1:
            sys.exit(f"{fault['name']}: its text is {found} times in {fault['file']}")

    work = arguments.keep or pathlib.Path(tempfile.mkdtemp(prefix="segno-faults-"))
    if not (work / "src").exists():
        copy_sources(work)
    build(work)
    if (failure := find(work, min(arguments.count, 100), arguments.threads)) is not None:
        sys.exit("without a fault there is a failure already: " + failure)

    count = 0
    for fault in faults:
        path = work / fault["file"]
        text = path.read_text()
        path.write_text(text.replace(fault["find"], fault["replace"]))
        build(work)
        failure = find(work, arguments.count, arguments.threads, fault.get("shared", True))
        path.write_text(text)
        count += failure is not None
        print(f"{fault['name']} ({fault['subsystem']}): {failure or 'NOT FOUND'}", flush=True)

    print(f"faults: {count} of {len(faults)} found")
    if arguments.keep is None:
        shutil.rmtree(work)
    return 0 if count >= len(faults) * 9 / 10 else 1


if __name__ == "__main__":
    sys.exit(main())

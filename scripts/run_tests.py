"""Runs every test program and ends with one line: `N passed, N failed` (and `, N skipped` if any).

Called by ./dev test. The GoogleTest programs are those that the build lists in test_programs.txt; the Node tests are
tests/**/*.test.mjs; the tidy counts as one test. With a FILTER: the programs and files whose names contain it; if there
are none, of every program the cases whose names contain it. Capitals do not matter, and "dialects/payu" is the same as
"dialects_payu".
What fails is printed in full, what passes on one line.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

TIME_LIMIT_S = 900
ROOT = pathlib.Path(__file__).resolve().parent.parent


class Outcome:
    def __init__(self, name):
        self.name = name
        self.passed = self.failed = self.skipped = 0
        self.output = ""
        self.seconds = 0.0

    def count(self):
        return self.passed + self.failed + self.skipped


def run(command, **more):
    """Runs in a process group of its own, so that nothing that a test started outlives its time."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True, **more)
    try:
        output, _ = process.communicate(timeout=TIME_LIMIT_S)
        text = output.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        text = output.decode("utf-8", "replace") + f"\nstopped after {TIME_LIMIT_S} seconds\n"
    return process.returncode, text


def plain(text):
    return text.lower().replace("/", "_").rstrip("_")


def cases_of(program):
    """The names of a GoogleTest program's cases, from --gtest_list_tests."""
    _, text = run([program, "--gtest_list_tests"])
    suite, cases = "", []
    for line in text.splitlines():
        line = line.split("#")[0].rstrip()
        if line.startswith("  "):
            cases.append(suite + line.strip())
        elif line.endswith("."):
            suite = line
    return cases


def without_passed(output):
    """What a GoogleTest program printed, but for the cases that passed in silence."""
    silent = r"^\[ RUN      \] (\S+)\n\[       OK \] \1.*\n"
    return re.sub(r"^\[-{10}\].*\n\n?", "", re.sub(silent, "", output, flags=re.M), flags=re.M)


def count_gtest(outcome, report, output, status):
    try:
        suites = json.loads(pathlib.Path(report).read_text())["testsuites"]
    except (OSError, ValueError, KeyError):
        # It did not live to write its report: what it printed until then counts.
        outcome.passed = len(re.findall(r"^\[       OK \]", output, re.M))
        outcome.failed = len(re.findall(r"^\[  FAILED  \] .* \(\d+ ms\)$", output, re.M)) + 1
        outcome.output += f"\n{outcome.name} ended with status {status} before it was done\n"
        return
    for case in (case for suite in suites for case in suite["testsuite"]):
        if case.get("failures"):
            outcome.failed += 1
        elif case.get("result") == "SKIPPED":
            outcome.skipped += 1
        elif case.get("status") == "RUN":
            outcome.passed += 1
    if status != 0 and outcome.failed == 0:
        outcome.failed = 1
        outcome.output += f"\n{outcome.name}: every case passed, but it ended with status {status}\n"


def run_gtest(program, part_of_case):
    outcome = Outcome(program.name)
    command = [str(program)]
    if part_of_case:
        cases = [case for case in cases_of(str(program)) if part_of_case.lower() in case.lower()]
        if not cases:
            return outcome
        command.append("--gtest_filter=" + ":".join(cases))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        status, outcome.output = run([*command, f"--gtest_output=json:{report}"])
        count_gtest(outcome, report, outcome.output, status)
    outcome.output = without_passed(outcome.output)
    outcome.seconds = time.monotonic() - began
    return outcome


def count_tap(text):
    """Leaves of the TAP tree. A parent's line follows its children's, which are indented further."""
    passed = failed = skipped = 0
    below = {}  # indentation -> results seen since the last result that is indented less
    in_details = False
    for line in text.splitlines():
        stripped = line.strip()
        if stripped in ("---", "..."):
            in_details = stripped == "---"
            continue
        found = re.match(r"^( *)(not ok|ok) \d+ - (.*)$", line)
        if in_details or not found:
            continue
        depth, bad, rest = len(found[1]), found[2] == "not ok", found[3]
        children = [seen for at, seen in below.items() if at > depth]
        for at in [at for at in below if at > depth]:
            del below[at]
        if children:
            # A parent fails with its children; alone it fails when one of its hooks does.
            failures = sum(seen["failed"] for seen in children)
            if bad and not failures:
                failed += 1
            here = {"failed": failures or int(bad)}
        else:
            aside = re.search(r"# (SKIP|TODO)\b", rest, re.I)
            skipped += bool(aside)
            failed += bad and not aside
            passed += not bad and not aside
            here = {"failed": int(bad and not aside)}
        below.setdefault(depth, {"failed": 0})["failed"] += here["failed"]
    return passed, failed, skipped


def tap_options():
    """Node 18.13 of Debian prints TAP and has no --test-reporter; later ones have it, and need it."""
    try:
        return ["--test-reporter=tap"] if run(["node", "--test-reporter=tap", "-e", "0"])[0] == 0 else []
    except FileNotFoundError:
        return None


def run_node(file, options):
    outcome = Outcome(str(file.relative_to(ROOT)))
    began = time.monotonic()
    status, outcome.output = run(["node", *options, str(file)])
    outcome.passed, outcome.failed, outcome.skipped = count_tap(outcome.output)
    if status != 0 and outcome.failed == 0:
        outcome.failed = 1
        outcome.output += f"\n{outcome.name} ended with status {status}\n"
    outcome.seconds = time.monotonic() - began
    return outcome


def run_tidy():
    outcome = Outcome("tidy")
    began = time.monotonic()
    status, outcome.output = run([sys.executable, "scripts/tidy.py"])
    outcome.passed, outcome.failed = int(status == 0), int(status != 0)
    outcome.seconds = time.monotonic() - began
    return outcome


def show(outcome):
    if outcome.count() == 0:
        return
    if outcome.failed:
        print(f"---- {outcome.name} " + "-" * max(3, 80 - len(outcome.name)))
        print(outcome.output.rstrip())
        print("-" * 86)
    words = f"{outcome.passed} passed"
    words += f", {outcome.failed} FAILED" if outcome.failed else ""
    words += f", {outcome.skipped} skipped" if outcome.skipped else ""
    print(f"{'FAILED' if outcome.failed else 'ok    '} {outcome.name}: {words} ({outcome.seconds:.1f} s)", flush=True)


def gather(jobs, work):
    """Runs the work on so many threads and shows each outcome as it comes."""
    outcomes = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=jobs) as pool:
        for future in concurrent.futures.as_completed([pool.submit(*item) for item in work]):
            outcomes.append(future.result())
            show(outcomes[-1])
    return outcomes


def node_files(filter_text):
    files = [file for file in sorted((ROOT / "tests").glob("**/*.test.mjs")) if "node_modules" not in file.parts]
    if filter_text:
        files = [file for file in files if plain(filter_text) in plain(str(file.relative_to(ROOT)))]
    return files


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="of the test programs, these; space between them")
    parser.add_argument("--no-tidy", action="store_true")
    parser.add_argument("filter", nargs="?", default="")
    given = parser.parse_args()

    build = ROOT / given.build
    names = (build / "test_programs.txt").read_text().split()
    if given.only:
        names = [name for name in names if name in given.only.split()]
    files = node_files(given.filter)
    named = [name for name in names if plain(given.filter) in plain(name)]
    part_of_case = "" if named or files else given.filter
    programs = [build / "test_programs" / name for name in (names if part_of_case else named)]
    outcomes = gather(given.jobs, [(run_gtest, program, part_of_case) for program in programs])

    options = tap_options() if files else []
    if options is None:
        missing = Outcome("tests/**/*.test.mjs")
        missing.failed, missing.output = 1, "node is not installed"
        show(missing)
        outcomes.append(missing)
    else:
        outcomes += gather(given.jobs, [(run_node, file, options) for file in files])

    if not given.no_tidy and (not given.filter or given.filter == "tidy"):
        outcomes.append(run_tidy())
        show(outcomes[-1])

    passed, failed, skipped = (sum(getattr(one, what) for one in outcomes) for what in ("passed", "failed", "skipped"))
    if passed + failed + skipped == 0:
        print(f"no test has {given.filter!r} in its name", file=sys.stderr)
        return 1
    if failed:
        print("failed: " + ", ".join(one.name for one in outcomes if one.failed))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())

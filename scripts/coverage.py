"""Reads the counters that the coverage build's tests left, says how much ran, and writes docs/coverage.md.

Called by ./dev coverage. Exit status 1 when a branch of src/core/ was not taken, or a folder of src/ has fewer than 85%
of its lines covered. What scripts/coverage_exemptions.txt lets through does not count as a branch of core. Lines that
did not run count against their folder whether they have a reason or not; those without one are shown. An exemption that
is not needed any more is a finding too. ./dev tidy checks that docs/coverage.md has the exemptions as they are.

gcov gives the counts (`gcov --json-format`). Not counted: tests and what only they include, the return that g++ wants after a switch that has every value, outside core lines of brackets alone, and the branches that gcov
itself marks as ways out by an exception. Of a header's function every object file has a copy; their counts are added,
and so are those of a template for several types.
"""

import argparse
import collections
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXEMPTIONS = ROOT / "scripts" / "coverage_exemptions.txt"
DOCUMENT = ROOT / "docs" / "coverage.md"
CORE = "src/core"
LEAST_PERCENT_OF_LINES = 85
# What is in src/ for the tests alone, and the printer of documents, which ./dev tidy runs.
TESTS = re.compile(r"_test\.[ch]pp$|_fixture\.hpp$|/test_\w+\.[ch]pp$|/testing\.hpp$|^src/store/contract/|^src/core/dump/")


class Line:
    def __init__(self):
        self.count = 0
        self.functions = set()
        # (where its function begins, how many branches) -> how often each was taken. The copies of one function in
        # several object files, and of one template for several types, are added when they look alike.
        self.branches = {}

    def add(self, seen, function):
        self.count += seen["count"]
        self.functions.add(function["demangled_name"].replace("(anonymous namespace)", "").split("(")[0])
        counts = [branch["count"] for branch in seen["branches"] if not branch["throw"]]
        if not counts:
            return
        key = (function["start_line"], function["start_column"], len(counts))
        before = self.branches.setdefault(key, [0] * len(counts))
        self.branches[key] = [a + b for a, b in zip(before, counts)]

    def taken_and_all(self):
        """A copy that never ran is one that the linker threw away, if another ran."""
        ran = [counts for counts in self.branches.values() if any(counts)] or list(self.branches.values())
        return sum(1 for counts in ran for one in counts if one), sum(map(len, ran))


class Exemption:
    """`branches place | words of the statement | how many, or all | reason`, or
    `lines place | words of the statement or of its function's name, or * | reason`; `sometimes` is `lines` that run or
    do not, as it happens: those are always needed."""

    def __init__(self, text):
        kind, rest = text.split(" ", 1)
        parts = [part.strip() for part in rest.split(" | ")]
        if kind not in ("branches", "lines", "sometimes") or len(parts) != (4 if kind == "branches" else 3):
            raise SystemExit(f"{EXEMPTIONS.name}: cannot read {text!r}")
        self.always_needed = kind == "sometimes"
        kind = "lines" if self.always_needed else kind
        self.text, self.kind, self.place, self.words, self.reason = text, kind, parts[0], parts[1], parts[-1]
        self.most = parts[2] if kind == "branches" else "all"
        self.used = 0

    def covers(self, path, number_missing, *texts):
        if not fnmatch.fnmatch(path, self.place):
            return False
        if self.words != "*" and not any(self.words in text for text in texts):
            return False
        if self.most != "all" and number_missing > int(self.most):
            return False
        self.used += 1
        return True


class Source:
    """A file's text, with for each line its statement so far."""

    def __init__(self, path):
        self.lines = (ROOT / path).read_text().splitlines()

    def line(self, number):
        return self.lines[number - 1].strip() if number <= len(self.lines) else ""

    def statement(self, number):
        first = number
        while first > 1 and self.line(first - 1) and not re.search(r"[;{}:]$|^//", self.line(first - 1)):
            first -= 1
        return " ".join(self.line(at) for at in range(first, number + 1))


def objects(build):
    """The object files of the last configuration; what an older one left does not count."""
    commands = json.loads((build / "compile_commands.json").read_text())
    for command in commands:
        output = re.search(r" -o (\S+)\.o ", command["command"])
        if output and (build / f"{output[1]}.gcno").exists():
            yield build / f"{output[1]}.gcno"


def read_counts(notes):
    # The name of a source file is as the compiler was told it: from the root, or from the build's folder.
    output = subprocess.run(
        ["gcov", "--branch-probabilities", "--json-format", "--stdout", str(notes)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    report = json.loads(output)
    kept = []
    for file in report["files"]:
        path = os.path.normpath(os.path.join(report["current_working_directory"], file["file"]))
        path = os.path.relpath(path, ROOT)
        if path.startswith("src/") and not TESTS.search(path):
            kept.append((path, file["lines"], file["functions"]))
    return kept


def is_after_whole_switch(lines, number):
    """g++ wants a return after a switch that has every value; -Wswitch -Werror refuses one that has not."""
    if not lines[number - 1].strip().startswith("return") or lines[number - 2] != "  }":
        return False
    first = next((at for at in range(number - 3, -1, -1) if lines[at].startswith("  switch (")), None)
    inside = lines[first + 1:number - 2] if first is not None else ["default:"]
    return all(len(line) > 3 and line[:4].isspace() for line in inside if line) and not any(
        line.strip() in ("default:", "break;") for line in inside)


def is_code(text):
    """A bracket alone, in code with exceptions, is where one of them passes: its count is of that."""
    return re.search(r"\w", text)


def merge(build):
    files = collections.defaultdict(lambda: collections.defaultdict(Line))
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for kept in pool.map(read_counts, objects(build)):
            for path, lines, functions in kept:
                by_name = {function["name"]: function for function in functions}
                for seen in lines:
                    # A line of no function is a global's, and has one only where it needs code.
                    function = by_name.get(seen.get("function_name"))
                    if function:
                        files[path][seen["line_number"]].add(seen, function)
    return files


class Findings:
    """What did not run, each with its exemption or None."""

    def __init__(self, files, exemptions):
        self.lines, self.branches = [], []  # (path, number, missing, code, exemption)
        self.folders = collections.defaultdict(lambda: [0, 0, 0, 0])  # lines run, all; branches taken, all
        for path in sorted(files):
            source, folder = Source(path), os.path.dirname(path)
            for number in sorted(files[path]):
                counts = folder == CORE or is_code(source.line(number))
                if counts and (files[path][number].count or not is_after_whole_switch(source.lines, number)):
                    self.add(path, folder, number, files[path][number], source, exemptions)

    def add(self, path, folder, number, line, source, exemptions):
        totals = self.folders[folder]
        taken, branches = line.taken_and_all()
        totals[0] += line.count > 0
        totals[1] += 1
        code, statement = source.line(number), source.statement(number)
        missing = branches - taken
        if missing and folder == CORE:
            allowed = first_that_covers(exemptions, "branches", path, missing, statement)
            self.branches.append((path, number, f"{missing} of {branches} branches", code, allowed))
            branches -= missing if allowed else 0
        totals[2] += taken
        totals[3] += branches
        if line.count == 0:
            names = [name.split("::")[-1] for name in line.functions]
            allowed = first_that_covers(exemptions, "lines", path, 0, statement, *names)
            self.lines.append((path, number, "", code, allowed))


def first_that_covers(exemptions, kind, path, missing, *texts):
    return next((one for one in exemptions if one.kind == kind and one.covers(path, missing, *texts)), None)


def percent(part, whole):
    """Rounded down: 100.0 is all of it."""
    tenths = part * 1000 // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10}%"


def figures(folders):
    rows = [("folder", "lines", "covered", "branches", "taken")]
    for folder in sorted(folders):
        run, lines, taken, branches = folders[folder]
        rows.append((folder, str(lines), percent(run, lines), str(branches), percent(taken, branches)))
    run, lines, taken, branches = (sum(column) for column in zip(*folders.values()))
    rows.append(("all", str(lines), percent(run, lines), str(branches), percent(taken, branches)))
    return rows


def as_text(rows):
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join(
        cell.ljust(width) if at == 0 else cell.rjust(width) for at, (cell, width) in enumerate(zip(row, widths)))
        for row in rows)


def as_table(rows):
    head, *rest = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([head, "|---|--:|--:|--:|--:|", *rest])


def listed(exemptions, kind):
    """For each reason, where."""
    reasons = collections.defaultdict(list)
    for one in exemptions:
        if one.kind == kind:
            reasons[one.reason].append(one)
    text = []
    for reason in sorted(reasons, key=lambda reason: reasons[reason][0].place):
        text.append(f"- {reason[0].upper()}{reason[1:]}:")
        for one in reasons[reason]:
            text.append(f"  - `{one.place}`" + (f": `{one.words}`" if one.words != "*" else ""))
    return "\n".join(text) or "Nothing."


def lists(exemptions):
    """The part of the page that is the exemptions' alone; ./dev tidy compares it."""
    return f"""## Branches of core that are let through

{listed(exemptions, "branches")}

## Lines that do not run

{listed(exemptions, "lines")}
"""


def document(findings, exemptions):
    return f"""# Coverage

`./dev coverage` builds the preset `coverage` (-O0, counters), runs every test on it, also the end-to-end ones and the
short simulator, and writes this page. It fails when a branch of `src/core/` is not taken that is not listed here, when
fewer than {LEAST_PERCENT_OF_LINES}% of the lines of any other folder run, and when something listed here is not needed any more.
`./dev coverage FILTER` runs some tests and gives their figures alone. Every line and branch that did not run is in
`build/coverage/not_covered.txt`. It is not part of `./dev test`: a second build of everything would double its time.

How it is counted: gcov of g++ 12. `src/core/` is built without exceptions there, which it does not use, so every branch
that is counted is one that somebody wrote. In the other folders the compiler's branches for exceptions are left out as
far as gcov knows them; their share of branches is there to compare, and is held to nothing. Tests, fixtures and
generated code do not count. Neither does what a program runs that is killed: its counters die with it.

## Figures

{as_table(figures(findings.folders))}

Below: what does not run, and why, as `scripts/{EXEMPTIONS.name}` has it.

{lists(exemptions)}"""


def judge(findings, exemptions):
    wrong = []
    for path, number, missing, code, exemption in findings.branches:
        if not exemption:
            wrong.append(f"{path}:{number}: {missing} not taken: {code}")
    for folder, (run, lines, _, _) in sorted(findings.folders.items()):
        if run * 100 < LEAST_PERCENT_OF_LINES * lines:
            wrong.append(f"{folder}: {percent(run, lines)} of its lines ran, {LEAST_PERCENT_OF_LINES}% must")
    wrong += [f"scripts/{EXEMPTIONS.name}: not needed any more: {one.text}" for one in exemptions
              if not one.used and not one.always_needed]
    return wrong


def read_exemptions():
    texts = [line for line in EXEMPTIONS.read_text().splitlines() if line and not line.startswith("#")]
    return [Exemption(text) for text in texts]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--part", action="store_true", help="only some tests ran: figures alone, no verdict")
    given = parser.parse_args()

    exemptions = read_exemptions()
    build = ROOT / given.build
    findings = Findings(merge(build), exemptions)

    listing = build / "not_covered.txt"
    listing.write_text("".join(
        f"{path}:{number}: {missing or 'line'}{' (let through)' if exemption else ''}: {code}\n"
        for path, number, missing, code, exemption in findings.branches + findings.lines))
    print(as_text(figures(findings.folders)))
    print(f"every line and branch that did not run: {listing.relative_to(ROOT)}")
    if given.part:
        return 0
    DOCUMENT.write_text(document(findings, exemptions))
    wrong = judge(findings, exemptions)
    print("\n".join(wrong), end="\n" if wrong else "")
    without = sum(1 for *_, exemption in findings.lines if not exemption)
    if without:
        print(f"{without} lines that did not run have no reason in scripts/{EXEMPTIONS.name}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""The rules of this project that a program can check. Prints `file:line: message`; exit status 1 on findings.

  include arrows     who may include whom (ARROWS below; ARCHITECTURE.md has the picture)
  banned words       each with what to write instead (BANS below)
  sizes              400 lines a file, 60 lines a function
  dead files         a header that nobody includes
  machine paths      no path of one machine in a file that is committed
  printed documents  docs/lifecycle.md and docs/errors.md are what build/test/disburse_dump prints, if it is built
  coverage page      docs/coverage.md lists what scripts/coverage_exemptions.txt lets through
  format             clang-format-14, if it is installed

An exception is a line of scripts/tidy_exemptions.txt with its reason. One that is not needed any more, or that allows
more lines than there are, is a finding too: the list only shrinks.
"""

import argparse
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys

import coverage
import cpp_text

ROOT = pathlib.Path(__file__).resolve().parent.parent
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60

# Folder -> what its files may include, as prefixes of "folder/file.hpp"; always also the folder itself. A folder in a
# folder has the arrows of the outer one, may include the outer one's own headers, and not its neighbours'.
WIRE_VALUES = tuple(f"wire/{name}.hpp" for name in (
    "base64", "form", "hex", "html", "http", "json", "multipart", "path", "qr", "url"))
ARROWS = {
    "core": (),
    "sys": ("core/",),
    "wire": ("sys/", "core/error.hpp", "core/secret.hpp", "core/time.hpp"),
    "store": ("core/", "sys/"),
    "engine": ("core/", "store/store.hpp", "sys/"),
    "dialects": ("core/", *WIRE_VALUES),
    "rails": ("core/", "wire/", "sys/"),
    "webhook": ("core/", "dialects/dialect.hpp", "wire/", "sys/"),
    "notify": ("core/", "wire/", "sys/"),
    "outbox": ("core/", "engine/", "store/store.hpp", "rails/rail.hpp", "dialects/dialect.hpp", "webhook/", "notify/",
               "wire/", "sys/"),
    "front_door": ("core/", "engine/", "store/store.hpp", "dialects/dialect.hpp", "wire/", "sys/"),
    "sandbox": ("",),
    "cli": ("",),
    "main": ("",),
}
# What core may take from outside the project: the standard library and the result type.
CORE_SYSTEM_HEADER = re.compile(r"^[a-z_0-9]+$|^tl/expected\.hpp$")

# A provider's own words, and the folder that they are for.
PROVIDER_WORDS = (
    (re.compile(r"[Pp][Aa][Yy][Uu](?![a-z])|payu_|[sS]mart_?[Pp]ay|[sS]martSend"), "payu"),
    (re.compile(r"(?i)razorpay|poutlk"), "razorpay"),
    (re.compile(r"(?i)instantpay|ipay_|\bstatuscode"), "instantpay"),
)
# The composition root, what prints sandbox.json, and the lists of all dialects name them.
MAY_NAME_PROVIDERS = re.compile(r"^src/([^/]+\.[ch]pp$|dialects/all\.|rails/all\.|sandbox/|cli/|front_door/)")


class Ban:
    def __init__(self, rule, pattern, instead, unless=None, tests=False):
        self.rule, self.pattern, self.instead = rule, re.compile(pattern), instead
        self.unless = re.compile(unless) if unless else None  # paths where it is allowed
        self.tests = tests  # whether *_test.cpp must keep it too


BANS = (
    Ban("float", r"\b(double|float)\b", "money is Money, other numbers are integers or chrono"),
    Ban("clock", r"::now\s*\(", "take `Instant now`, or a sys::Clock where it is read", r"^src/sys/clock\.cpp$"),
    Ban("random", r"\b(std::rand|srand|random_device|mt19937\w*)\b", "use sys::Random", r"^src/sys/", tests=True),
    Ban("value", r"(?<!\berror)(\.|->)value\(\)", "use TRY, or test it and use *"),  # an error_code has one too
    Ban("catch-all", r"\bcatch\s*\(\s*\.\.\.\s*\)", "catch stands in main and at thread entry", r"^src/main\.cpp$"),
    Ban("new", r"(?<!operator )\bnew\b(?!>)", "use a value or std::make_unique"),
    # A store puts back what was committed.
    Ban("state", r"[\w)\]](\.|->)state\s*=(?!=)", "states move along the table, in core/", r"^src/(core|store)/"),
    Ban("submit", r"(?i)rail\w*(\(\))?(\.|->)submit\s*\(", "the outbox alone submits to a rail", r"^src/(outbox|rails)/"),
    Ban("number-parse", r"\b(sto(d|f|ld|i|l|ll|ul|ull)|ato(f|i|l|ll)|strto(d|f|ld|l|ul|ll|ull))\s*\(",
        "use std::from_chars, which says when it did not read everything"),
    Ban("sleep", r"\b(sleep|usleep|nanosleep|sleep_for|sleep_until)\s*\(", "wait on a queue or a timer"),
)


class Tidy:
    def __init__(self):
        self.findings = []
        self.notes = []
        self.exemptions = {}  # (rule, place) -> (limit or None, line of the list)
        self.used = set()

    def find(self, path, line, message):
        self.findings.append((str(path), line, message))

    def exempt(self, rule, place):
        if (rule, place) not in self.exemptions:
            return False
        self.used.add((rule, place))
        return True

    def size(self, rule, place, path, line, lines, most, what):
        """A size with a ratchet: an exemption names the number of lines that there are."""
        limit, list_line = self.exemptions.get((rule, place), (None, 0))
        if limit is not None and lines > most:
            self.used.add((rule, place))
            if lines < limit:
                self.find(EXEMPTIONS, list_line, f"{place} has {lines} lines now: write {lines} for {limit}")
            if lines <= limit:
                return
        if lines > most:
            self.find(path, line, f"{what} has {lines} lines; {limit or most} is the most")


EXEMPTIONS = "scripts/tidy_exemptions.txt"


def read_exemptions(tidy):
    """Lines of `rule place [lines] reason`; place is a path, or path:function."""
    for number, line in enumerate((ROOT / EXEMPTIONS).read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = re.match(r"^([\w-]+)\s+(\S+)\s+(?:(\d+)\s+)?(\S.*)$", line)
        if not found:
            tidy.find(EXEMPTIONS, number, "not `rule place [lines] reason`")
            continue
        limit = int(found[3]) if found[3] else None
        tidy.exemptions[(found[1], found[2])] = (limit, number)


def is_test(path):
    """Tests, what they share (x_fixture.hpp, x_test.hpp, test_x.hpp, testing.hpp), and benchmarks."""
    name = path.rsplit("/", 1)[1]
    return (path.startswith(("tests/", "bench/")) or name.startswith("test")
            or re.search(r"_(test|fixture)\.[ch]pp$", name) is not None)


def layer_of(path):
    """The folder of src/ whose arrows hold for a file, and its inner folder or None."""
    parts = path.split("/")[1:]
    if len(parts) == 1:
        return ("front_door" if parts[0].startswith("front_door") else "main"), None
    return parts[0], (parts[1] if len(parts) > 2 else None)


def check_arrows(tidy, path, text):
    layer, inner = layer_of(path)
    if layer not in ARROWS:
        tidy.find(path, 1, f"src/{layer}/ has no arrows yet: say in scripts/tidy.py what it may include")
        return
    of_all = path.rsplit("/", 1)[1].startswith("all.")
    for number, line in enumerate(text.splitlines(), 1):
        system = re.match(r"\s*#\s*include\s*<([^>]+)>", line)
        if system and layer == "core" and not CORE_SYSTEM_HEADER.match(system[1]):
            tidy.find(path, number, f"core is pure: it does not include <{system[1]}>")
        quoted = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        if not quoted:
            continue
        target = quoted[1]
        if not (ROOT / "src" / target).exists() and not target.startswith("generated/"):
            if not is_test(path):
                tidy.find(path, number, f'"{target}" is not below src/: include by the path from there')
        elif target.startswith("generated/"):
            continue
        elif not may_include(layer, inner, of_all, target) and not tidy.exempt("arrow", f"{path}:{target}"):
            tidy.find(path, number, f"src/{layer}/ may not include {target}: see the arrows in ARCHITECTURE.md")


def may_include(layer, inner, of_all, target):
    if target.startswith(layer + "/"):
        rest = target.split("/")[1:]
        return len(rest) == 1 or rest[0] == inner or of_all
    return any(target.startswith(allowed) for allowed in ARROWS[layer])


def check_words(tidy, path, code):
    for number, line in enumerate(code.splitlines(), 1):
        if line.lstrip().startswith("#include"):
            continue
        for ban in BANS:
            if ban.unless and ban.unless.search(path) or (is_test(path) and not ban.tests):
                continue
            found = ban.pattern.search(line)
            if found and not tidy.exempt(ban.rule, path):
                tidy.find(path, number, f"`{found[0].strip()}`: {ban.instead}")


def check_owners(tidy, path, text, code):
    raw = text.splitlines()
    for number, line in enumerate(code.splitlines(), 1):
        if re.search(r"\bshared_ptr\b", line) and "// owners:" not in "\n".join(raw[max(0, number - 2):number]):
            if not tidy.exempt("shared-ptr", path):
                tidy.find(path, number, "`shared_ptr`: one owner is better; else name the type once and say who: "
                          "`using X = std::shared_ptr<...>;  // owners: ...`")


def check_provider_words(tidy, path, uncommented):
    if is_test(path) or MAY_NAME_PROVIDERS.search(path):
        return
    for pattern, home in PROVIDER_WORDS:
        if path.startswith(f"src/dialects/{home}/"):
            continue
        for number, line in enumerate(uncommented.splitlines(), 1):
            found = pattern.search(line)
            if found and not tidy.exempt("provider-word", path):
                tidy.find(path, number, f"`{found[0]}` is a word of src/dialects/{home}/ alone")


def check_notes_to_self(tidy, path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"\b(FIXME|XXX)\b", line):
            tidy.find(path, number, "fix it, or write `TODO(release|someday): why`")
        todo = re.search(r"\bTODO\b(\((\w+)\))?", line)
        if todo and todo[2] == "now":
            tidy.find(path, number, "TODO(now) is to be done before the commit")
        elif todo and todo[2] not in ("release", "someday"):
            tidy.find(path, number, "write `TODO(release|someday): why`")


def check_sizes(tidy, path, text, code, longest):
    lines = text.count("\n")
    tidy.size("file", path, path, 1, lines, MOST_LINES_OF_A_FILE, "the file")
    for name, began, length in cpp_text.functions(code):
        longest.append((length, f"{path}:{began}", name))
        tidy.size("function", f"{path}:{name}", path, began, length, MOST_LINES_OF_A_FUNCTION, f"{name}")


def check_dead_headers(tidy, texts):
    included_by = {}
    for path, text in texts.items():
        for target in re.findall(r'^\s*#\s*include\s*"([^"]+)"', text, re.M):
            included_by.setdefault("src/" + target, set()).add(re.sub(r"(_test)?\.[ch]pp$", "", path))
    for path in texts:
        if not path.startswith("src/") or not path.endswith(".hpp"):
            continue
        if not included_by.get(path, set()) - {path[:-len(".hpp")]} and not tidy.exempt("dead", path):
            tidy.find(path, 1, "nobody includes this header")


def committed_files():
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [path for path in sorted(set(listed.split("\0"))) if path and (ROOT / path).is_file()]


# Written apart, so that this file passes its own rule.
MACHINE_PATH = re.compile(r"(?<![\w.$}/>-])/(?:" + "|".join(("wor" + "k", "roo" + "t", "hom" + "e/\\w+")) + r")/")


def check_machine_paths(tidy, paths):
    for path in paths:
        data = (ROOT / path).read_bytes()
        if b"\0" in data[:8192]:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            found = MACHINE_PATH.search(line)
            if found and not tidy.exempt("machine-path", path):
                tidy.find(path, number, f"`{found[0]}` is a path of one machine")


def check_printed_documents(tidy):
    program = next(iter(sorted(ROOT.glob("build/test/**/disburse_dump"))), None)
    if program is None:
        tidy.notes.append("build/test/disburse_dump is not built: docs/lifecycle.md and docs/errors.md not compared")
        return
    for name in ("lifecycle", "errors"):
        printed = subprocess.run([program, name], capture_output=True, check=False)
        document = ROOT / "docs" / f"{name}.md"
        if printed.returncode != 0:
            tidy.find(document.relative_to(ROOT), 1, f"disburse_dump {name} ended with {printed.returncode}")
        elif not document.exists() or document.read_bytes() != printed.stdout:
            tidy.find(document.relative_to(ROOT), 1,
                      f"not what the code prints: {program.relative_to(ROOT)} {name} > docs/{name}.md")


def check_coverage_page(tidy):
    page = ROOT / "docs" / "coverage.md"
    if not page.exists() or coverage.lists(coverage.read_exemptions()) not in page.read_text():
        tidy.find(page.relative_to(ROOT), 1, "not what scripts/coverage_exemptions.txt says: ./dev coverage writes it")


def check_format(tidy, paths):
    """Files that passed are remembered by their content, so that the second time is quick."""
    formatter = shutil.which("clang-format-14")
    if formatter is None:
        tidy.notes.append("clang-format-14 is not installed: format not checked")
        return
    style = (ROOT / ".clang-format").read_bytes()
    memory_file = ROOT / "build" / "tidy_formatted.json"
    try:
        memory = set(json.loads(memory_file.read_text()))
    except (OSError, ValueError):
        memory = set()
    digests = {path: hashlib.sha256(style + (ROOT / path).read_bytes()).hexdigest() for path in paths}
    unknown = [path for path in paths if digests[path] not in memory]
    bad = {}
    for start in range(0, len(unknown), 40):
        said = subprocess.run([formatter, "--dry-run", "--ferror-limit=1", *unknown[start:start + 40]],
                              cwd=ROOT, capture_output=True, check=False).stderr.decode()
        for path, line in re.findall(r"^(\S+?):(\d+):\d+: ", said, re.M):
            bad.setdefault(path, int(line))
    for path, line in bad.items():
        tidy.find(path, line, "not formatted: ./dev format")
    memory_file.parent.mkdir(exist_ok=True)
    memory_file.write_text(json.dumps(sorted(digest for path, digest in digests.items() if path not in bad)))


def check_exemptions_are_used(tidy):
    for (rule, place), (_, number) in tidy.exemptions.items():
        if (rule, place) not in tidy.used:
            tidy.find(EXEMPTIONS, number, f"{rule} {place} is not needed any more: remove the line")


def main():
    parser = argparse.ArgumentParser(prog="./dev tidy")
    parser.add_argument("--longest", action="store_true", help="show the ten longest functions")
    given = parser.parse_args()

    tidy, longest = Tidy(), []
    read_exemptions(tidy)
    committed = committed_files()
    cpp = [path for path in committed
           if path.startswith(("src/", "tests/", "bench/")) and path.endswith((".cpp", ".hpp"))]
    texts = {path: (ROOT / path).read_text(errors="replace") for path in cpp}
    for path, text in texts.items():
        code = cpp_text.code_only(text)
        check_notes_to_self(tidy, path, text)
        check_sizes(tidy, path, text, code, longest)
        check_words(tidy, path, code)
        if path.startswith("src/") and not is_test(path):
            check_arrows(tidy, path, text)
            check_owners(tidy, path, text, code)
            check_provider_words(tidy, path, cpp_text.without_comments(text))
    check_dead_headers(tidy, texts)
    check_machine_paths(tidy, committed)
    check_printed_documents(tidy)
    check_coverage_page(tidy)
    check_format(tidy, cpp)
    check_exemptions_are_used(tidy)

    for length, place, name in sorted(longest, reverse=True)[:10] if given.longest else []:
        print(f"{length:4} lines  {place}  {name}")
    for note in tidy.notes:
        print(f"note: {note}")
    for path, line, message in sorted(set(tidy.findings)):
        print(f"{path}:{line}: {message}")
    print(f"tidy: {len(cpp)} files, {len(set(tidy.findings))} findings")
    return 1 if tidy.findings else 0


if __name__ == "__main__":
    sys.exit(main())

"""Plants a bug: writes a copy of a source file with one line changed. plant.py BUG SOURCE_ROOT OUT

A .bug file is the reason (#), the file (@), the line as it is (-) and as it must not be (+). The line must be found
exactly once: a bug that does not fit the source any more fails the build.
"""

import pathlib
import sys


def main():
    bug, root, out = (pathlib.Path(word) for word in sys.argv[1:4])
    parts = {line[0]: line[2:] for line in bug.read_text().splitlines() if line[:1] in "#@-+"}
    source = root / parts["@"]
    lines = source.read_text().splitlines()
    found = [number for number, line in enumerate(lines) if line == parts["-"]]
    if len(found) != 1:
        sys.exit(f"{bug}: the line is {len(found)} times in {source}, not once:\n{parts['-']}")
    lines[found[0]] = parts["+"] if "+" in parts else ""
    out.write_text(f'#line 1 "{source}"\n' + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

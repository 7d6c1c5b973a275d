"""C++ source looked at as text: without comments and literals, and its functions with their lengths.

Not a compiler: it knows the layout that clang-format gives, which is enough for the tidy.
"""

import re

_TOKEN = re.compile(
    r'//[^\n]*'  # to the end of the line
    r'|/\*.*?\*/'
    r'|R"(?P<tag>[^()\s\\]*)\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",  # not the ' of 1'000
    re.S)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """Comments blanked, literals kept; every line stays where it is."""
    return _TOKEN.sub(lambda m: _blank(m[0]) if m[0].startswith(("//", "/*")) else m[0], text)


def code_only(text):
    """Comments and the insides of literals blanked; every line stays where it is."""
    def replace(match):
        token = match[0]
        if token.startswith(("//", "/*")):
            return _blank(token)
        return token[0] + _blank(token[1:-1]) + token[-1]
    return _TOKEN.sub(replace, text)


def without_preprocessor(code):
    """Directives blanked, with their continuation lines."""
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: _blank(m[0]), code, flags=re.M)


_NOT_A_FUNCTION = re.compile(r"\b(if|for|while|switch|catch|do|else|namespace|class|struct|enum|union|return)\b")


_TEMPLATE = re.compile(r"\btemplate\s*<[^<>]*(?:<[^<>]*>[^<>]*)*>")


def _name_of_function(head):
    """The name, if what stands before a brace opens a function; None if it opens something else."""
    head = _TEMPLATE.sub("", head).strip()
    if "(" not in head:
        return None
    before, _, _ = head.partition("(")
    if _NOT_A_FUNCTION.search(before) or "[" in before.replace("[[nodiscard]]", ""):
        return None
    if "=" in before and "operator" not in before:
        return None
    found = re.search(r"((?:[\w~]+::)*(?:operator\s*\S+|[\w~]+))\s*$", before)
    if not found:
        return None
    if found[1] in ("TEST", "TEST_F", "TEST_P", "RC_GTEST_PROP"):
        return found[1] + re.sub(r"\s+", "", head[head.index("("):])
    return found[1]


def functions(code):
    """(name, first line, lines) of each function, from its opening brace to its closing one."""
    code = without_preprocessor(code)
    stack, head_start, line, found = [], 0, 1, []
    inside = 0  # functions around us; a lambda or a block within one is a part of it
    for at, char in enumerate(code):
        if char == "\n":
            line += 1
        elif char == "{":
            name = None if inside else _name_of_function(code[head_start:at])
            stack.append((name, line))
            inside += name is not None
            head_start = at + 1
        elif char == "}":
            if stack:
                name, began = stack.pop()
                if name is not None:
                    inside -= 1
                    found.append((name, began, line - began + 1))
            head_start = at + 1
        elif char == ";":
            head_start = at + 1
    return found

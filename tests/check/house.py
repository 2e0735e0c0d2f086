# SPDX-License-Identifier: Apache-2.0
"""The house rules that a program can see: licence line, sizes, no paths of one machine, nothing left for later."""

import re

LICENCE = "SPDX-License-Identifier: Apache-2.0"
# Formats without comments, and what others wrote.
NO_LICENCE = (".json", ".jsonl", ".lock", ".csv", ".pem", ".key", ".svg", ".png", ".ico", ".bin", "LICENSE",
              ".gitignore", ".gitkeep")
SIZES = ((r"core/.*\.h", 150), (r"core/.*\.c", 800), (r"(lua|plugins|rules|api)/.*\.lua", 300))
LONGEST_FUNCTION = 120

_FUNCTION = re.compile(r"^(?!typedef|struct \w+ \{|enum|union|static const)[\w].*?\n\{\n(.*?)^\}", re.M | re.S)
_NAME = re.compile(r"(\w+)\(")
# Spelled in pieces, so that this file does not complain about itself.
_MACHINE = re.compile("|".join(["/" + "work/", "/" + "root/", "/home/" + r"\w+/", "/tmp/" + "brief"]))
_LATER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")


def check(files):
    """Complaints, one line each, about the repository's files given as path -> text."""
    return [f"{path}: {why}" for path, text in files.items() for why in _file(path, text)]


def _file(path, text):
    data = path.startswith("tests/data/")
    if not data and text and not path.endswith(NO_LICENCE) and LICENCE not in text[:400]:
        yield f"no line '{LICENCE}' at its head"
    for pattern, most in SIZES:
        lines = text.count("\n")
        if re.fullmatch(pattern, path) and lines > most and not path.endswith("_keys.h"):
            yield f"{lines} lines; at most {most}"
    if path.endswith(".c"):
        for found in _FUNCTION.finditer(text):
            lines = found.group(1).count("\n")
            if lines > LONGEST_FUNCTION:
                name = _NAME.search(found.group(0))
                yield f"{name.group(1) if name else '?'}() has {lines} lines; at most {LONGEST_FUNCTION}"
    if not data:
        for pattern, what in ((_MACHINE, "path of one machine"), (_LATER, "left for later")):
            found = pattern.search(text)
            if found:
                yield f"{what}: {found.group(0)} in line {text.count(chr(10), 0, found.start()) + 1}"

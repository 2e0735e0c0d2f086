# SPDX-License-Identifier: Apache-2.0
"""Who may include or require whom.

C, in core/: main, cli > hook > http > bind > script | store > io | sec > base. A file includes only what stands to its
right; the two sides of a `|` never include each other. Lua: lua/ stands alone, plugins and rules use lua, api uses
lua and rules.
"""

import re

RANKS = {"cli": 0, "hook": 1, "http": 2, "bind": 3, "script": 4, "store": 4, "io": 5, "sec": 5, "base": 6}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)

MAY_REQUIRE = {"lua": {"thing"}, "plugins": {"thing", "plugins"}, "rules": {"thing", "rules"},
               "api": {"thing", "rules", "api"}}
HOUSES = {"thing", "plugins", "rules", "api"}
REQUIRE = re.compile(r'\brequire\s*\(?\s*["\']([\w./-]+)["\']')


def check(files):
    """Complaints, one line each, about the repository's files given as path -> text."""
    complaints = []
    for path, text in files.items():
        parts = path.split("/")
        if parts[0] == "core" and path.endswith((".c", ".h")):
            layer = parts[1] if len(parts) > 2 else "main"
            complaints += [f"{path}: {why}" for why in _c_file(layer, text)]
        elif parts[0] in MAY_REQUIRE and path.endswith(".lua"):
            complaints += [f"{path}: {parts[0]}/ may not require {name}"
                           for name in REQUIRE.findall(text)
                           if name.split(".")[0] in HOUSES - MAY_REQUIRE[parts[0]]]
    return complaints


def _c_file(layer, text):
    if layer != "main" and layer not in RANKS:
        yield f"core/{layer}/ is not a layer"
        return
    for included in INCLUDE.findall(text):
        other = included.split("/")[0]
        if "/" not in included or other not in RANKS:
            yield f'"{included}" is not written from core/'
        elif layer != "main" and other != layer and RANKS[other] <= RANKS[layer]:
            yield f'{layer} may not include "{included}"'

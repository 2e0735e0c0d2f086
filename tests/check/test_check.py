# SPDX-License-Identifier: Apache-2.0
"""The checks see what they are for."""

import pytest

from . import house, layers

SPDX = "/* SPDX-License-Identifier: Apache-2.0 */\n"


@pytest.mark.parametrize("path, text", [
    ("core/base/str.c", '#include "io/worker.h"\n'),
    ("core/store/ingest.c", '#include "script/task.h"\n'),
    ("core/io/pg.c", '#include "sec/hmac.h"\n'),
    ("core/bind/l_db.c", '#include "http/req.h"\n'),
    ("core/hook/auth.c", '  #  include "cli/sim.h"\n'),
    ("core/store/ingest.c", '#include "batch.h"\n'),
    ("core/odd/x.c", ""),
    ("lua/thing/product.lua", 'local rules = require("rules.alarm")'),
    ("plugins/product/default/init.lua", "local api = require 'api.init'"),
    ("rules/init.lua", 'require("plugins.notify.mail")'),
])
def test_layers_refuse(path, text):
    assert len(layers.check({path: text})) == 1


@pytest.mark.parametrize("path, text", [
    ("core/base/str.c", '#include <string.h>\n#include "base/str.h"\n'),
    ("core/hook/publish.c", '#include "http/req.h"\n#include "store/ingest.h"\n#include "base/log.h"\n'),
    ("core/main.c", '#include "cli/cli.h"\n#include "io/worker.h"\n'),
    ("api/resources/rules.lua", 'require("rules.schema") require("thing.resource") require("api.mw.auth")'),
    ("plugins/product/default/init.lua", 'local thing = require("thing")'),
    ("tests/unit/io/test_pg.c", '#include "io/pg.c"\n'),
])
def test_layers_allow(path, text):
    assert layers.check({path: text}) == []


@pytest.mark.parametrize("path, text, complaint", [
    ("core/base/x.c", "int x;\n", "no line"),
    ("core/base/x.h", SPDX + "\n" * 150, "151 lines"),
    ("lua/thing/x.lua", "-- SPDX-License-Identifier: Apache-2.0\n" + "\n" * 300, "301 lines"),
    ("core/base/x.c", SPDX + "static int long_one(int a)\n{\n" + "    a++;\n" * 121 + "}\n", "long_one"),
    ("core/base/x.c", SPDX + "/* TO" + "DO */\n", "left for later: TO" + "DO in line 2"),
    ("README.md", "<!-- SPDX-License-Identifier: Apache-2.0 -->\nsee /ro" + "ot/x\n", "path of one machine"),
])
def test_house_refuses(path, text, complaint):
    complaints = house.check({path: text})
    assert len(complaints) == 1 and complaint in complaints[0]


@pytest.mark.parametrize("path, text", [
    ("core/base/x.c", SPDX + "static int fine(int a)\n{\n" + "    a++;\n" * 119 + "}\n"),
    ("core/base/conf_keys.h", SPDX + "\n" * 300),
    ("tests/data/x.json", "{}"),
    ("examples/broker/Cargo.lock", "[[package]]\n"),
])
def test_house_allows(path, text):
    assert house.check({path: text}) == []

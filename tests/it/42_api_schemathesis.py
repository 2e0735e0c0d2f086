# SPDX-License-Identifier: Apache-2.0
"""The API does what its own description says: schemathesis, every check, on a platform of its own.

SCHEMATHESIS_EXAMPLES: cases that each operation gets beside those that follow from its schema (default 5).
"""

import os
import subprocess
import sys

import pytest

CONFIG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schemathesis.toml")

# With these, operations get past "no such thing"; without, names are made up as well.
KNOWN = """
[parameters]
"path.product" = "product-0"
"path.device" = "device-0"

[[operations]]
include-operation-id = ["products.delete", "devices.delete"]
parameters = { "path.product" = "product-1", "path.device" = "device-1" }
"""


def furnish(platform):
    """Something in every table, so that not only empty lists are looked at."""
    from harness import hooks
    for number in range(2):
        device = platform.make_device(platform.make_product(f"product-{number}"), f"device-{number}")
        platform.accept(hooks.property_post(device, {"a": 1}), hooks.event_post(device, "e", {}),
                        hooks.publish(device, "thing/event/property/post", b"no json"))
        platform.call("POST", device.path + "/commands", {"params": {"x": 1}}, 201)
        platform.call("PATCH", device.path + "/shadow", {"desired": {"x": 1}})
    platform.rows("insert into alarm (device_id, product_id, key, source, severity, raised_at, last_raised_at)"
                  " select id, product_id, 'hot', 'script', 'warning', now(), now() from device returning id")


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("known, mode", [("", "all"), (KNOWN, "positive")], ids=["made-up", "known"])
def test_schemathesis_finds_nothing(fresh_stack, tmp_path, known, mode):
    platform = fresh_stack()
    furnish(platform)
    with open(CONFIG, encoding="utf8") as common:
        (tmp_path / "schemathesis.toml").write_text(known + common.read())
    examples = os.environ.get("SCHEMATHESIS_EXAMPLES", "5")
    done = subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), "st"), "--config-file", str(tmp_path / "schemathesis.toml"), "run",
         platform.stack.http + "/api/openapi.json", "--header", f"Authorization: Bearer {platform.stack.admin_token}",
         "--mode", mode, "--max-examples", examples, "--seed", "1"],
        cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr[-2000:]
    print(done.stdout[-1500:])
    assert platform.api.get("/readyz").status_code == 200

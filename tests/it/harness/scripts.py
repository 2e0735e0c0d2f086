# SPDX-License-Identifier: Apache-2.0
"""Scripts of products through the API."""

from .wait import wait_until


def path(product, *rest):
    return "/".join([f"/api/v1/products/{product}/scripts", *map(str, rest)])


def create(stack, product, source, note=""):
    """Keeps a version that must be valid; returns its number."""
    return stack.call("POST", path(product), {"source": source, "note": note}, 201)["number"]


def activate(stack, product, number):
    return stack.call("POST", path(product, number, "activate"))


def install(stack, product, source):
    """A new version, in force."""
    number = create(stack, product, source)
    activate(stack, product, number)
    return number


def adds(member, value):
    """A script that puts one more property into every report."""
    return f"""return {{
    api = 1,
    on_property = function(msg) msg.params.{member} = {value} return msg.params end,
    tests = {{ {{ name = "it adds {member}", input = {{ payload = {{ id = "1", params = {{ a = 1 }} }} }},
        expect = {{ store = {{ {{ params = {{ a = 1, {member} = {value} }} }} }} }} }} }},
}}"""


def versions(stack, device):
    """script_version of each row of the device's history, oldest first."""
    return [row["script_version"] for row in stack.rows(
        "select h.script_version from property_history h join device d on d.id = h.device_id where d.key = %s"
        " order by h.ts, h.digest", device.key)]


def wait_version(stack, device, number, post):
    """Posts until a message of the device is handled by that version."""
    def handled():
        post()
        return versions(stack, device)[-1:] == [number]

    wait_until(handled, message=f"version {number} in force")

# SPDX-License-Identifier: Apache-2.0
"""Who is online, from hooks in any order and from the real broker."""

import itertools

import pytest
from harness import hooks
from harness.device import wait_all


def online(stack, device):
    return stack.state(device)["online"]


def history(stack, device):
    return stack.rows(
        "select event, address, reason from connection_history c join device d on d.id = c.device_id"
        " where d.key = %s order by ts, event", device.key)


def takeover(device):
    """Hooks of a device that connects, is taken over 3 ms later, and leaves no gap."""
    at, old, new = hooks.now_ms(), hooks.address(), hooks.address()
    return [hooks.connected(device, at, old), hooks.connected(device, at + 1000, new),
            hooks.disconnected(device, at + 1003, old, "Kicked")]


@pytest.mark.parametrize("order", itertools.permutations(range(3)))
def test_a_takeover_leaves_the_device_online_in_whatever_order_its_hooks_come(stack, identity, order):
    bodies = takeover(identity)
    stack.accept(*[bodies[n] for n in order])
    assert online(stack, identity) is True
    assert len(history(stack, identity)) == 3


@pytest.mark.parametrize("order", itertools.permutations(range(2)))
def test_a_connection_that_ended_leaves_the_device_offline_in_whatever_order_its_hooks_come(stack, identity, order):
    at, where = hooks.now_ms(), hooks.address()
    bodies = [hooks.connected(identity, at, where), hooks.disconnected(identity, at + 5, where)]
    stack.accept(*[bodies[n] for n in order])
    assert online(stack, identity) is False


def test_both_within_the_same_millisecond(stack, identity):
    at, where = hooks.now_ms(), hooks.address()
    stack.accept(hooks.disconnected(identity, at, where), hooks.connected(identity, at, where))
    assert online(stack, identity) is False


def test_an_old_connect_that_comes_late_does_not_bring_the_device_back(stack, identity):
    at, first, second = hooks.now_ms(), hooks.address(), hooks.address()
    stack.accept(hooks.connected(identity, at + 1000, second), hooks.disconnected(identity, at + 2000, second),
                 hooks.connected(identity, at, first))
    assert online(stack, identity) is False


def test_the_same_hooks_again_change_nothing(stack, identity):
    at, where = hooks.now_ms(), hooks.address()
    bodies = [hooks.connected(identity, at, where), hooks.disconnected(identity, at + 10, where)]
    stack.accept(*bodies, *bodies, bodies[0])
    assert online(stack, identity) is False
    assert [row["event"] for row in history(stack, identity)] == ["connected", "disconnected"]


def test_the_api_says_presence_and_its_history(stack, identity):
    at, where = hooks.now_ms(), hooks.address()
    stack.accept(hooks.connected(identity, at, where))
    seen = stack.call("GET", identity.path + "/presence")
    assert seen["online"] is True and seen["node"] == 1
    stack.accept(hooks.disconnected(identity, at + 10, where, "KeepaliveTimeout"))
    seen = stack.call("GET", identity.path + "/presence")
    assert seen["online"] is False
    assert [row["reason"] for row in history(stack, identity)] == ["", "KeepaliveTimeout"]


def test_a_presence_hook_of_an_unknown_device_goes_to_the_dead_letters(stack, identity):
    stranger = type(identity)(identity.product, identity.key + "-unknown", "")
    stack.accept(hooks.connected(stranger, hooks.now_ms(), hooks.address()))
    assert [letter["reason"] for letter in stack.dead_letters(stranger)] == ["unknown_device"]


def test_a_device_is_online_while_it_is_connected(stack, identity, wait_until):
    device = stack.online(identity)
    device.close()
    wait_until(lambda: not online(stack, identity), message="offline after DISCONNECT")
    device = stack.online(identity)
    device.cut()
    wait_until(lambda: not online(stack, identity), message="offline after the line was cut")
    assert [row["event"] for row in history(stack, identity)] == ["connected", "disconnected"] * 2


def test_takeovers_leave_100_of_100_devices_online(stack, make_product, wait_until):
    product = make_product()
    identities = [stack.make_device(product) for _ in range(100)]
    first = [stack.device(identity).connect(wait=False) for identity in identities]
    wait_all(first, lambda device: device.connected)
    second = [stack.device(identity).connect(wait=False) for identity in identities]
    wait_all(first, lambda device: not device.connected)
    wait_all(second, lambda device: device.connected)
    rows = ("select count(*) from connection_history c join device d on d.id = c.device_id"
            " join product p on p.id = d.product_id where p.key = %s")
    wait_until(lambda: stack.value(rows, product) >= 300, timeout=30, message="all connects and disconnects")
    assert stack.value(rows, product) == 300
    assert stack.value("select count(*) from device_state s join device d on d.id = s.device_id"
                       " join product p on p.id = d.product_id where p.key = %s and online", product) == 100
    for device in second:
        device.close()
    wait_until(lambda: stack.value("select count(*) from device_state s join device d on d.id = s.device_id"
                                   " join product p on p.id = d.product_id where p.key = %s and online", product) == 0,
               timeout=30, message="all offline")


def test_at_the_start_presence_is_corrected_against_the_broker(fresh_stack, wait_until):
    stack = fresh_stack()
    gone, here = stack.make_device(), stack.make_device()
    device = stack.online(here)
    stack.accept(hooks.connected(gone, hooks.now_ms() - 120_000, hooks.address()))
    stack.stack.stop("thingd")
    stack.db.execute("update device_state s set seen_at = now() - interval '5 minutes', rev = s.rev + 1 from device d"
                     " where d.id = s.device_id and d.key = %s", [gone.key])
    stack.db.execute("update device_state s set online = false, rev = s.rev + 1 from device d"
                     " where d.id = s.device_id and d.key = %s", [here.key])
    stack.stack.start("thingd")
    wait_until(lambda: not online(stack, gone), timeout=30, message="the device that is gone to be offline")
    wait_until(lambda: online(stack, here), timeout=30, message="the device that is here to be online")
    assert device.connected

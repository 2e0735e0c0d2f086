# SPDX-License-Identifier: Apache-2.0
"""Who may publish and subscribe where: the ACL of the auth answer and the ACL hook say the same."""

import pytest
from harness.acl import allows

OWN = "{p}/{d}/"
PUBLISH = [
    (OWN + "thing/event/property/post", True),
    (OWN + "thing/event/anything/post", True),
    (OWN + "thing/service/property/set_reply", True),
    (OWN + "thing/service/reboot/call_reply", True),
    (OWN + "thing/file/upload", True),
    (OWN + "thing/factory-metadata/get", True),
    (OWN + "ota/version", True),
    (OWN + "thing/service/property/set", False),
    (OWN + "thing/service/reboot/call", False),
    (OWN + "thing/event/property/post_reply", False),
    (OWN + "ota/upgrade", False),
    ("{p}/other/thing/event/property/post", False),
    ("other/{d}/thing/event/property/post", False),
    ("{p}/{d}x/thing/event/property/post", False),
    ("$SYS/brokers", False),
    ("{p}/{d}", False),
    ("thing/event/property/post", False),
]
SUBSCRIBE = [
    (OWN + "thing/service/property/set", True),
    (OWN + "thing/event/property/post_reply", True),
    (OWN + "thing/event/alarm/post_reply", True),
    (OWN + "ota/upgrade", True),
    (OWN + "ota/version_reply", True),
    (OWN + "thing/file/upload_reply", True),
    (OWN + "thing/factory-metadata/get_reply", True),
    ("#", False),
    ("+/#", False),
    ("{p}/#", False),
    ("{p}/+/thing/service/property/set", False),
    ("+/+/thing/service/property/set", False),
    ("{p}/other/thing/service/property/set", False),
    ("$SYS/#", False),
]


def fill(topic, device):
    return topic.format(p=device.product, d=device.key)


@pytest.mark.parametrize("action,access,topic,allowed",
                         [("publish", "2", t, a) for t, a in PUBLISH] + [("subscribe", "1", t, a) for t, a in SUBSCRIBE])
def test_a_device_may_do_this_and_not_that(stack, identity, action, access, topic, allowed):
    topic = fill(topic, identity)
    acl = stack.auth(identity.key, identity.product, identity.password())["acl"]
    assert allows(acl, action, topic, identity.product, identity.key) is allowed
    assert stack.acl(identity.key, identity.product, topic, access) == ("allow" if allowed else "deny")


def test_an_automatic_subscription_of_the_original_is_allowed(stack, identity):
    topic = f"+/{identity.key}/thing/service/property/set"
    assert stack.acl(identity.key, identity.product, topic, "1") == "allow"


@pytest.mark.parametrize("body", [b"", b"not json", b"{}", b'{"access":"9","topic":"a"}'])
def test_a_body_that_is_no_acl_request_is_answered_with_deny(stack, body):
    answer = stack.door.post(stack.door_url("acl"), content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200
    assert answer.text == "deny"

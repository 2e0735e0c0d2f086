# SPDX-License-Identifier: Apache-2.0
"""How the broker reads the ACL of an auth answer: the first entry that matches decides."""


def matches(pattern, topic):
    """Whether an MQTT filter covers a topic, or another filter (a wildcard is covered only by a wildcard)."""
    want, have = pattern.split("/"), topic.split("/")
    for number, part in enumerate(want):
        if part == "#":
            return True
        if number >= len(have):
            return False
        if part == "+" and have[number] != "#":
            continue
        if part != have[number]:
            return False
    return len(want) == len(have)


def allows(acl, action, topic, username, client_id):
    for entry in acl:
        pattern = entry["topic"].replace("${username}", username).replace("${clientid}", client_id)
        if entry["action"] in ("all", action) and matches(pattern, topic):
            return entry["permission"] == "allow"
    return False

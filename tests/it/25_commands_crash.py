# SPDX-License-Identifier: Apache-2.0
"""A crash between sending a command and recording that it was sent."""

SET = "thing/service/property/set"

# Whoever records a command as sent waits for this lock.
HOLD = """
create function hold_sent() returns trigger language plpgsql as $$
begin
    if new.sent_at is distinct from old.sent_at then
        perform pg_advisory_xact_lock(4711);
    end if;
    return new;
end $$;
create trigger hold_sent before update on command for each row execute function hold_sent();
"""


def test_a_command_whose_sending_was_not_recorded_is_sent_again_under_its_id(fresh_stack, wait_until):
    stack = fresh_stack(settings={"command.lease": 1000})
    identity = stack.make_device()
    device = stack.online(identity)
    stack.db.execute(HOLD)
    stack.db.execute("select pg_advisory_lock(4711)")
    made = stack.call("POST", identity.path + "/commands", {"params": {"a": 1}}, 201)
    first = device.next(SET)
    wait_until(lambda: stack.value("select count(*) from pg_locks where locktype = 'advisory' and not granted"),
               message="the recording to wait")
    stack.stack.kill("thingd")
    stack.db.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted")
    stack.db.execute("drop trigger hold_sent on command")
    stack.db.execute("select pg_advisory_unlock(4711)")
    state = "select state, message_id, sent_at from command where id = %s"
    assert stack.rows(state, int(made["id"])) == [{"state": "queued", "message_id": first["id"], "sent_at": None}]

    stack.stack.start("thingd")
    again = device.next(SET)
    assert (again["id"], again["params"]) == (first["id"], {"a": 1})
    assert stack.counter("commands_resent") >= 1
    for _ in range(2):  # a device that answers each copy
        device.publish("thing/service/property/set_reply", {"id": first["id"], "code": 200, "data": None})
    log = "select state, code from command_log where id = %s"
    wait_until(lambda: stack.rows(log, int(made["id"])), message="the result")
    device.post({"mark": 1})
    wait_until(lambda: stack.history(identity), message="the mark behind both replies")
    assert stack.rows(log, int(made["id"])) == [{"state": "succeeded", "code": 200}]

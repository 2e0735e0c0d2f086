/* SPDX-License-Identifier: Apache-2.0 */
#include "hook/identity.h"

bool th_identity_reserved(struct th_str device_key)
{
    return th_str_eq(device_key, TH_STR("rmqtt_things")) || th_str_starts(device_key, TH_STR("thingd"));
}

/* How often an attribute stands in "O=thingd, serialNumber=0A1B2C, CN=demo/dev1", and its last value. */
static int attribute(struct th_str subject, struct th_str name, struct th_str *value)
{
    struct th_str rest = subject, part;
    int count = 0;
    while (th_str_split(&rest, ',', &part)) {
        if (part.n > 0 && part.p[0] == ' ')
            part = (struct th_str){part.p + 1, part.n - 1};
        if (part.n <= name.n || part.p[name.n] != '=' || !th_str_starts(part, name))
            continue;
        *value = (struct th_str){part.p + name.n + 1, part.n - name.n - 1};
        count++;
    }
    return count;
}

/* A subject that names two, or is cut in two by a comma inside a value, is nobody's. */
static bool from_certificate(struct th_str username, struct th_identity *who)
{
    struct th_str cn = username, device;
    if (username.n > 0 && memchr(username.p, '=', username.n) != NULL &&
        (attribute(username, TH_STR("CN"), &cn) != 1 ||
            attribute(username, TH_STR("serialNumber"), &who->serial) > 1))
        return false;
    device = cn;
    if (cn.n == 0 || !th_str_split(&device, '/', &who->product) || device.p == NULL)
        return false;
    who->device = device;
    return true;
}

bool th_identity_read(struct th_str username, struct th_str client_id, bool mtls, struct th_identity *who)
{
    who->serial = (struct th_str){"", 0};
    if (mtls) {
        if (!from_certificate(username, who) || !th_str_eq(who->device, client_id))
            return false;
    } else {
        who->product = username;
        who->device = client_id;
    }
    return th_str_is_key(who->product) && th_str_is_key(who->device) && !th_identity_reserved(who->device);
}

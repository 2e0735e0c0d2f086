/* SPDX-License-Identifier: Apache-2.0 */
#include "io/http_hosts.h"

#include "../test.h"

static void test_hosts(void)
{
    static const struct th_str patterns[] = {{"api.example.com", 15}, {"*.wild.example", 14},
        {"port.example:8443", 17}, {"127.0.0.1:9000", 14}, {"*.deep.example:99", 17}};
    const struct th_http_hosts hosts = {patterns, TH_COUNT(patterns)};
    static const struct {
        const char *url;
        bool allowed;
    } all[] = {
        {"https://api.example.com/x", true},
        {"http://api.example.com", true},
        {"HTTPS://API.Example.COM/", true},
        {"https://api.example.com:443/", true},
        {"http://api.example.com:443/", false},
        {"https://api.example.com:8443/", false},
        {"https://xapi.example.com/", false},
        {"https://api.example.com.evil.org/", false},
        {"https://evil.org/api.example.com", false},
        {"https://api.example.com@evil.org/", false},
        {"https://evil.org#@api.example.com/", false},
        {"https://evil.org?api.example.com", false},
        {"https://evil.org\\@api.example.com/", true}, /* a user's name, and so it is connected to */
        {"https://user:pass@api.example.com/", true},
        {"https://a.wild.example/", true},
        {"https://a.b.wild.example/", true},
        {"https://wild.example/", false},
        {"https://.wild.example/", false},
        {"https://awild.example/", false},
        {"https://port.example:8443/", true},
        {"https://port.example/", false},
        {"http://127.0.0.1:9000/", true},
        {"http://127.0.0.1/", false},
        {"http://127.1:9000/", true},
        {"http://[::ffff:127.0.0.1]:9000/", false},
        {"https://x.deep.example:99/", true},
        {"https://x.deep.example/", false},
        {"", false},
        {"https://", false},
        {"file:///etc/passwd", false},
        {"https://api.example.com:0/", false},
        {"https://api.example.com:99999/", false},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%s", all[i].url);
        TH_EQ_INT(th_http_hosts_allow(&hosts, all[i].url), all[i].allowed);
    }
    const struct th_http_hosts none = {NULL, 0};
    TH_CHECK(!th_http_hosts_allow(&none, "https://api.example.com/"));
}

int main(void)
{
    TH_RUN(test_hosts);
    return TH_END();
}

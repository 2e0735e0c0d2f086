/* SPDX-License-Identifier: Apache-2.0 */
#include "io/http_hosts.h"

#include <curl/curl.h>
#include <strings.h>

static bool same(struct th_str a, struct th_str b)
{
    return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

static bool host_matches(struct th_str pattern, struct th_str host)
{
    if (pattern.n < 3 || pattern.p[0] != '*' || pattern.p[1] != '.')
        return same(pattern, host);
    struct th_str end = {pattern.p + 1, pattern.n - 1}; /* with its dot */
    return host.n > end.n && same(end, (struct th_str){host.p + host.n - end.n, end.n});
}

/* usual: the port is the one of the URL's scheme. */
static bool matches(struct th_str pattern, struct th_str host, struct th_str port, bool usual)
{
    const char *colon = memrchr(pattern.p, ':', pattern.n), *bracket = memrchr(pattern.p, ']', pattern.n);
    if (colon == NULL || (bracket != NULL && bracket > colon))
        return usual && host_matches(pattern, host);
    struct th_str wanted = {colon + 1, (size_t)(pattern.p + pattern.n - colon - 1)};
    return th_str_eq(wanted, port) &&
           host_matches((struct th_str){pattern.p, (size_t)(colon - pattern.p)}, host);
}

bool th_http_hosts_allow(const struct th_http_hosts *hosts, const char *url)
{
    CURLU *u = curl_url();
    char *host = NULL, *port = NULL, *scheme = NULL;
    bool known = curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
                 curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                 curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
                 curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK;
    bool allowed = false;
    if (known) {
        bool usual = strcmp(port, strcasecmp(scheme, "https") == 0 ? "443" : "80") == 0;
        for (unsigned i = 0; i < hosts->count && !allowed; i++)
            allowed = matches(hosts->patterns[i], th_str(host), th_str(port), usual);
    }
    curl_free(host);
    curl_free(port);
    curl_free(scheme);
    curl_url_cleanup(u);
    return allowed;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <endian.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "sec/digest.h"
#include "store/spool_file.h"

#define MAGIC 0x31505354u /* "TSP1" */
#define CHECKED_FROM 16   /* the check covers what follows it */

static void check_of(const char *record, size_t n, unsigned char out[8])
{
    unsigned char hash[32];
    struct th_str part = {record + CHECKED_FROM, n - CHECKED_FROM};
    th_sha256(hash, &part, 1);
    memcpy(out, hash, 8);
}

void th_spool_record_put(struct th_buf *out, const struct th_spool_record *r)
{
    size_t n = TH_SPOOL_HEAD + r->key.n + r->body.n;
    char *p = th_buf_room(out, n);
    uint32_t magic = htole32(MAGIC), length = htole32((uint32_t)(r->key.n + r->body.n));
    uint16_t flags = htole16(r->flags), key_n = htole16((uint16_t)r->key.n);
    uint32_t node = htole32((uint32_t)r->node);
    uint64_t arrived = htole64((uint64_t)r->arrived_ms);
    memcpy(p, &magic, 4);
    memcpy(p + 4, &length, 4);
    memcpy(p + 16, &arrived, 8);
    memcpy(p + 24, &node, 4);
    memcpy(p + 28, &flags, 2);
    memcpy(p + 30, &key_n, 2);
    memcpy(p + TH_SPOOL_HEAD, r->key.p, r->key.n);
    memcpy(p + TH_SPOOL_HEAD + r->key.n, r->body.p, r->body.n);
    check_of(p, n, (unsigned char *)p + 8);
    out->n += n;
}

static bool record_at(struct th_str text, size_t at, struct th_spool_record *r, size_t *size)
{
    const char *p = text.p + at;
    uint32_t magic, length, node;
    uint64_t arrived;
    uint16_t flags, key_n;
    unsigned char check[8];
    if (text.n - at < TH_SPOOL_HEAD)
        return false;
    memcpy(&magic, p, 4);
    memcpy(&length, p + 4, 4);
    length = le32toh(length);
    if (le32toh(magic) != MAGIC || length > text.n - at - TH_SPOOL_HEAD)
        return false;
    *size = TH_SPOOL_HEAD + (size_t)length;
    check_of(p, *size, check);
    if (memcmp(check, p + 8, sizeof check) != 0)
        return false;
    memcpy(&arrived, p + 16, 8);
    memcpy(&node, p + 24, 4);
    memcpy(&flags, p + 28, 2);
    memcpy(&key_n, p + 30, 2);
    key_n = le16toh(key_n);
    if (key_n > length)
        return false;
    r->arrived_ms = (int64_t)le64toh(arrived);
    r->node = (int32_t)le32toh(node);
    r->flags = le16toh(flags);
    r->key = (struct th_str){p + TH_SPOOL_HEAD, key_n};
    r->body = (struct th_str){p + TH_SPOOL_HEAD + key_n, length - key_n};
    return true;
}

bool th_spool_record_next(struct th_spool_reader *reader, struct th_spool_record *r)
{
    static const char magic[4] = "TSP1";
    size_t size;
    while (reader->at < reader->text.n) {
        if (record_at(reader->text, reader->at, r, &size)) {
            reader->at += size;
            return true;
        }
        const char *from = reader->text.p + reader->at + 1;
        const char *next = memmem(from, reader->text.n - reader->at - 1, magic, sizeof magic);
        size_t skipped = next != NULL ? (size_t)(next - from) + 1 : reader->text.n - reader->at;
        reader->damaged += skipped;
        reader->at += skipped;
    }
    return false;
}

void th_spool_path(const char *folder, uint64_t number, const char *suffix, char *out, size_t size)
{
    snprintf(out, size, "%s/%016llx.%s", folder, (unsigned long long)number, suffix);
}

static int is_segment(const struct dirent *e)
{
    return strlen(e->d_name) == 22 && strspn(e->d_name, "0123456789abcdef") == 16 &&
           strcmp(e->d_name + 16, ".spool") == 0;
}

int th_spool_list(const char *folder, struct th_spool_names *out, struct th_error *err)
{
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, is_segment, alphasort);
    if (n < 0)
        return th_fail(err, TH_EIO, "spool.dir %s: %m", folder);
    out->count = (size_t)n;
    out->list = th_calloc((size_t)n, sizeof *out->list);
    for (int i = 0; i < n; i++) {
        out->list[i] = strtoull(entries[i]->d_name, NULL, 16);
        free(entries[i]);
    }
    free(entries);
    return 0;
}

int th_spool_read(const char *path, struct th_buf *out, struct th_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = 0;
    if (fd < 0)
        return th_fail(err, TH_EIO, "%s: %m", path);
    while ((n = read(fd, th_buf_room(out, 65536), 65536)) > 0)
        out->n += (size_t)n;
    int rc = n < 0 ? th_fail(err, TH_EIO, "%s: %m", path) : 0;
    close(fd);
    return rc;
}

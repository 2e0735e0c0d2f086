/* SPDX-License-Identifier: Apache-2.0
 *
 * Mail, sent through the server that mail.url names. libcurl speaks SMTP, but its multi interface stands
 * still while it waits for the answer to a letter's end; so each letter is sent by a thread of its own, one
 * at a time per worker. The server's address stands in the configuration, so it may be a private one. Letters
 * wait in memory, at most TH_SMTP_QUEUE of them and TH_SMTP_BYTES per worker; what must outlive the process
 * keeps them in the database and hands them over one by one. A letter is tried as often as its sender says,
 * 2, 8 and 32 s apart; what the server refuses for good (5xx) is not tried again. */
#ifndef TH_SMTP_H
#define TH_SMTP_H

#include "base/err.h"
#include "base/str.h"
#include "io/worker.h"

#define TH_SMTP_QUEUE 256
#define TH_SMTP_BYTES (4u << 20)
#define TH_SMTP_ATTEMPTS 4

struct th_letter {
    struct th_str to;                  /* one address */
    struct th_str subject, text, html; /* UTF-8; html may be empty */
    struct th_str id; /* the left half of the Message-ID, letters, digits, - and _; n 0: one is made */
    int attempts;     /* 1 to TH_SMTP_ATTEMPTS */
};

/* code 0: the server took it. -TH_EINVAL: refused for good; -TH_EAUTH: mail.user or mail.password is wrong;
 * -TH_EUNAVAIL, -TH_ETIMEOUT: all attempts failed; -TH_ECANCELED: stopped. why: the server's status in words,
 * for the log. */
typedef void (*th_smtp_cb)(void *arg, int code, const char *why);

/* Without mail.url there is no mail. Refuses settings that make no sense, and a password that would travel
 * unencrypted to another machine. */
int th_smtp_check(const struct th_conf *conf, struct th_error *err) TH_MUST_CHECK;
/* Connects, signs in and says nothing. Blocks: for `thingd doctor`. */
int th_smtp_probe(const struct th_conf *conf, struct th_error *err) TH_MUST_CHECK;
int th_smtp_start(struct th_worker *w, struct th_error *err) TH_MUST_CHECK;
/* Before the end: what waits for another attempt has had its last. */
void th_smtp_hurry(struct th_worker *w);
/* Cuts off what is being sent, which takes up to a second. */
void th_smtp_stop(struct th_worker *w);

/* All of *l is copied; never calls back inside. -TH_ENOTFOUND: no mail is configured; -TH_EINVAL: no address;
 * -TH_EBUSY: too many wait. */
int th_smtp_send(struct th_worker *w, const struct th_letter *l, th_smtp_cb cb, void *arg) TH_MUST_CHECK;

#endif

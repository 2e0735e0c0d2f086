/* SPDX-License-Identifier: Apache-2.0
 *
 * The broker's configuration, written from ours: the one place that knows tokens, ports, limits and rules.
 * The files are RMQTT's own, for the launcher in examples/broker and for a stock rmqttd alike. */
#ifndef TH_BROKER_CONFIG_H
#define TH_BROKER_CONFIG_H

#include "base/conf.h"
#include "base/err.h"

/* Writes FOLDER/rmqtt.toml and FOLDER/plugins/rmqtt-*.toml for node broker.node, each whole or not at all,
 * mode 0600 since they hold tokens. All settings are checked before the first file is touched. */
int th_broker_config_write(
    const struct th_conf *conf, const char *folder, struct th_error *err) TH_MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
//! The listeners of rmqtt.toml, with every setting that the file knows.

use anyhow::Context;
use rmqtt::net::Builder;
use rmqtt::server::MqttServerBuilder;
use rmqtt_conf::listener::{Listener, Listeners};

/// Binds each enabled listener; the error names the address that was taken.
pub fn add_all(mut server: MqttServerBuilder, listeners: &Listeners) -> anyhow::Result<MqttServerBuilder> {
    let bind = |l: &Listener| builder(l).bind().with_context(|| format!("cannot listen on {}", l.addr));
    for l in listeners.tcps.values() {
        server = server.listener(bind(l)?.tcp()?);
    }
    for l in listeners.tlss.values() {
        server = server.listener(bind(l)?.tls()?);
    }
    for l in listeners.wss.values() {
        server = server.listener(bind(l)?.ws()?);
    }
    for l in listeners.wsss.values() {
        server = server.listener(bind(l)?.wss()?);
    }
    Ok(server)
}

fn builder(c: &Listener) -> Builder {
    Builder::new()
        .name(c.name.as_str())
        .laddr(c.addr)
        .max_connections(c.max_connections)
        .max_handshaking_limit(c.max_handshaking_limit)
        .max_packet_size(c.max_packet_size.as_u32())
        .backlog(c.backlog)
        .nodelay(c.nodelay)
        .reuseaddr(c.reuseaddr)
        .reuseport(c.reuseport)
        .tcp_keepalive(c.tcp_keepalive)
        .allow_anonymous(c.allow_anonymous)
        .min_keepalive(c.min_keepalive)
        .max_keepalive(c.max_keepalive)
        .allow_zero_keepalive(c.allow_zero_keepalive)
        .keepalive_backoff(c.keepalive_backoff)
        .max_inflight(c.max_inflight)
        .handshake_timeout(c.handshake_timeout)
        .max_mqueue_len(c.max_mqueue_len)
        .mqueue_rate_limit(c.mqueue_rate_limit.0, c.mqueue_rate_limit.1)
        .max_clientid_len(c.max_clientid_len)
        .max_qos_allowed(c.max_qos_allowed)
        .max_topic_levels(c.max_topic_levels)
        .session_expiry_interval(c.session_expiry_interval)
        .max_session_expiry_interval(c.max_session_expiry_interval)
        .message_retry_interval(c.message_retry_interval)
        .message_expiry_interval(c.message_expiry_interval)
        .max_subscriptions(c.max_subscriptions)
        .max_topic_aliases(c.max_topic_aliases)
        .limit_subscription(c.limit_subscription)
        .proxy_protocol(c.proxy_protocol)
        .proxy_protocol_timeout(c.proxy_protocol_timeout)
        .tls_cross_certificate(c.cross_certificate)
        .tls_cert(c.cert.clone())
        .tls_key(c.key.clone())
        .tls_client_ca_certs(c.client_ca_certs.clone())
        .cert_cn_as_username(c.cert_cn_as_username)
        .cert_subject_dn_as_username(c.cert_subject_dn_as_username)
        .collect_cert_info(c.collect_cert_info)
}

// SPDX-License-Identifier: Apache-2.0
//! The real RMQTT broker, started with its stock configuration files and only the plugins that thingd uses.
//! `rmqttd` is the same broker with every plugin: four times the build time. The order of the steps is rmqttd's.
//! One thing is added: the will guard (see `will_guard`).

mod listener;
mod own_topics;
mod will_guard;

use clap::Parser;
use rmqtt::args::CommandArgs;
use rmqtt::context::ServerContext;
use rmqtt::hook::Type;
use rmqtt::net::tls_provider;
use rmqtt::node::Node;
use rmqtt::server::MqttServer;
use rmqtt_conf::{Options, Settings};
use tokio::signal::unix::{signal, SignalKind};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const CLUSTER_PLUGIN: &str = "rmqtt-cluster-raft";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let opts = Options::parse();
    if opts.version {
        println!("thingd-broker {} (rmqtt {})", env!("CARGO_PKG_VERSION"), Node::version());
        return Ok(());
    }
    let conf = Settings::init(opts)?;
    tls_provider::default_provider().install_default().map_err(|_| anyhow::anyhow!("TLS provider set twice"))?;
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .with_env_filter(tracing_subscriber::EnvFilter::new(conf.log.level.as_str()))
        .init();

    let scx = context(conf).await;
    if starts(conf, CLUSTER_PLUGIN) {
        // rmqttd listens here in any case, but only a cluster plugin ever calls it.
        scx.node.start_grpc_server(scx.clone(), conf.rpc.server_addr, conf.rpc.reuseaddr, conf.rpc.reuseport);
    }
    register_plugins(&scx, conf).await?;

    let guard = scx.extends.hook_mgr().register();
    guard.add_priority(Type::ClientAuthenticate, u32::MAX, Box::new(will_guard::WillGuard)).await;
    guard.start().await;

    listener::add_all(MqttServer::new(scx), &conf.listeners)?.build().start();

    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    std::process::exit(0);
}

async fn context(conf: &Settings) -> ServerContext {
    let busy = &conf.node.busy;
    ServerContext::new()
        .args(CommandArgs {
            node_id: conf.opts.node_id,
            plugins_default_startups: conf.opts.plugins_default_startups.clone(),
            node_grpc_addrs: conf.opts.node_grpc_addrs.clone(),
            raft_peer_addrs: conf.opts.raft_peer_addrs.clone(),
            raft_leader_id: conf.opts.raft_leader_id,
        })
        .node(Node::new(conf.node.id, busy.loadavg, busy.cpuloadavg, busy.update_interval))
        .task_exec_workers(conf.task.exec_workers)
        .task_exec_queue_max(conf.task.exec_queue_max)
        .busy_check_enable(busy.check_enable)
        .busy_handshaking_limit(busy.handshaking)
        .mqtt_max_sessions(conf.mqtt.max_sessions)
        .plugins_config_dir(conf.plugins.dir.as_str())
        .build()
        .await
}

/// A plugin runs when `plugins.default_startups` names it, as in rmqttd.
fn starts(conf: &Settings, plugin: &str) -> bool {
    conf.plugins.default_startups.iter().any(|p| p == plugin)
}

async fn register_plugins(scx: &ServerContext, conf: &Settings) -> anyhow::Result<()> {
    macro_rules! register {
        ($($plugin:ident => $name:expr, $immutable:literal;)*) => {$(
            $plugin::register_named(scx, $name, starts(conf, $name), $immutable)
                .await
                .map_err(|e| anyhow::anyhow!("plugin {}: {e}", $name))?;
        )*};
    }
    register! {
        rmqtt_acl => "rmqtt-acl", false;
        rmqtt_counter => "rmqtt-counter", false;
        rmqtt_auth_http => "rmqtt-auth-http", false;
        rmqtt_auto_subscription => "rmqtt-auto-subscription", false;
        rmqtt_shared_subscription => "rmqtt-shared-subscription", false;
        rmqtt_web_hook => "rmqtt-web-hook", false;
        rmqtt_cluster_raft => CLUSTER_PLUGIN, true;
        rmqtt_http_api => "rmqtt-http-api", false;
    }
    Ok(())
}

// SPDX-License-Identifier: Apache-2.0
//! Refuses a CONNECT whose last will lies outside the client's own topics: RMQTT publishes wills without asking the
//! ACL, so a will could otherwise speak for any device, or send commands to it.

use async_trait::async_trait;
use rmqtt::hook::{Handler, HookResult, Parameter, ReturnType};
use rmqtt::types::{AuthResult, LastWill};

use crate::own_topics::is_own;

pub struct WillGuard;

#[async_trait]
impl Handler for WillGuard {
    async fn hook(&self, param: &Parameter, acc: Option<HookResult>) -> ReturnType {
        if let Parameter::ClientAuthenticate(info) = param {
            let topic = match info.last_will() {
                Some(LastWill::V3(will)) => &will.topic,
                Some(LastWill::V5(will)) => &will.topic,
                None => return (true, acc),
            };
            let username = info.username().map(|u| u.to_string()).unwrap_or_default();
            if !is_own(topic, &username, &info.id().client_id) {
                return (false, Some(HookResult::AuthResult(AuthResult::NotAuthorized)));
            }
        }
        (true, acc)
    }
}

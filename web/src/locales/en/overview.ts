// SPDX-License-Identifier: Apache-2.0
export default {
  overview: {
    online: "{{n}} online",
    online_share: "Online share",
    rate: "Messages per second",
    ready: "Database and broker are well",
    not_ready: "Database or broker cannot be reached",
    traffic: "Traffic of this instance",
    stored_per_second: "Messages stored per second, last three minutes",
    figure_stored: "Stored",
    figure_duplicate: "Repeated by the broker",
    figure_dead: "Dead letters",
    figure_refused: "Refused and counted",
    figure_spooled: "Put into the spool",
    figure_retry: "Sent back to the broker",
    figure_auth_denied: "Sign-ins denied",
    figure_script_errors: "Script errors",
    memory: "{{size}} of memory",
    workers_one: "{{count}} worker",
    workers_other: "{{count}} workers",
    newest_letters: "Newest dead letters",
  },
};

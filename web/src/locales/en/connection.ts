// SPDX-License-Identifier: Apache-2.0
export default {
  presence: {
    now: "Now",
    history: "Connections",
    none: "Never connected",
    address: "Address",
    node_n: "node {{n}}",
    connected_at: "Connected",
    disconnected_at: "Disconnected",
  },
};

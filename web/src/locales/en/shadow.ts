// SPDX-License-Identifier: Apache-2.0
export default {
  shadow: {
    desired: "Desired",
    reported: "Reported",
    delta: "Delta",
    delta_hint: "What is desired and not yet reported. A change is sent to the device as a command.",
    version: "version {{n}}",
    in_sync: "in sync",
    open_one: "{{count}} open",
    open_other: "{{count}} open",
    hint: "Remove a member to remove its desired value.",
    patch: "This is sent (merge patch)",
    sent: "The desired values are changed.",
  },
};

// SPDX-License-Identifier: Apache-2.0
export default {
  audit: {
    text: "Who changed what, when and from where. Entries are never changed; secrets are masked.",
    actor: "Who",
    action: "Action",
    target: "What",
    address: "from",
    member: "Member",
    before: "Before",
    after: "After",
    changes: "What changed",
    no_changes: "Nothing that is recorded changed.",
    none: "Nothing was changed yet",
  },
};

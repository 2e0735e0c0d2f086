// SPDX-License-Identifier: Apache-2.0
export default {
  roles: {
    text: "Sets of permissions that accounts and API tokens get.",
    create: "New role",
    kind: "Kind",
    own: "own",
    builtin: "built in",
    builtin_text: "This role comes with the server and cannot be changed.",
    permissions: "Permissions",
    like: "Begin with the permissions of",
    like_hint: "They can be changed on the next page. Nobody gives more than they have.",
    delete_title: "Delete role {{key}}?",
    delete_text: "Only a role that no account and no token has can be deleted.",
  },
};

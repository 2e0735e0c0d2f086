// SPDX-License-Identifier: Apache-2.0
import type en from "../en/roles";
import type { Same } from "../texts";

export default {
  roles: {
    text: "授予账号和 API 令牌的权限集合。",
    create: "新建角色",
    kind: "类型",
    own: "自定义",
    builtin: "内置",
    builtin_text: "此角色由服务器提供，不可修改。",
    permissions: "权限",
    like: "以下列角色的权限为起点",
    like_hint: "可在下一页修改。任何人都不能授予超出自己的权限。",
    delete_title: "删除角色 {{key}}？",
    delete_text: "只有没有账号和令牌使用的角色才能删除。",
  },
} satisfies Same<typeof en>;

// SPDX-License-Identifier: Apache-2.0
import type en from "../en/tokens";
import type { Same } from "../texts";

export default {
  tokens: {
    text: "供程序调用 API 使用。令牌具有角色、产品范围和有效期。",
    token: "API 令牌",
    create: "新建令牌",
    created: "令牌已创建",
    once: "请交给使用它的程序。仅在此显示一次，请妥善保管。",
    name_hint: "使用者及用途。",
    role: "角色",
    expires: "到期",
    days: "{{n}} 天后",
    no_end: "永不",
    expired: "已过期",
    used: "上次使用",
    all_products: "全部产品",
    some_products: "部分产品",
    none: "尚无令牌",
    none_text: "程序使用令牌而不是账号登录。",
    revoke: "吊销",
    revoke_name: "吊销 {{name}}",
    revoke_text: "使用它的程序将立即被拒绝。此操作无法撤销。",
    revoked: "令牌已吊销。",
  },
} satisfies Same<typeof en>;

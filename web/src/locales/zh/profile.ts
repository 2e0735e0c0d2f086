// SPDX-License-Identifier: Apache-2.0
import type en from "../en/profile";
import type { Same } from "../texts";

export default {
  profile: {
    second_factor: "两步验证",
    on: "已启用",
    off: "未启用",
    factor_text: "每次登录时除密码外还需输入验证器应用中的验证码。",
    set_up: "设置",
    next: "下一步",
    turn_on: "启用",
    turn_off: "停用",
    password_hint: "以确认是您本人。",
    scan: "用验证器应用扫描，然后输入其显示的验证码。",
    qr: "供验证器应用使用的二维码",
    by_hand: "或在应用中输入此密钥",
    factor_on: "两步验证已启用",
    factor_off: "两步验证已停用。",
    codes: "恢复码",
    codes_text: "若丢失应用，每个恢复码可代替验证码登录一次。仅在此显示一次，请妥善保管。",
    sessions: "会话",
    current: "当前",
    unknown_agent: "未知程序",
    began: "开始于",
    no_account: "此处没有账号",
    no_account_text: "您使用 API 令牌登录。密码和会话属于账号。",
  },
} satisfies Same<typeof en>;

// SPDX-License-Identifier: Apache-2.0
import type en from "../en/session";
import type { Same } from "../texts";

export default {
  session: {
    way: "登录方式",
    by_account: "账号",
    by_token: "API 令牌",
    account: "账号",
    password: "密码",
    code: "验证码",
    code_hint: "来自验证器应用，或使用一个恢复码。",
    token: "API 令牌",
    token_hint: "保留到关闭此标签页为止。",
    sign_in: "登录",
    with: "使用 {{name}} 登录",
    failed_unavailable: "暂时无法连接身份提供方，请稍后重试。",
    failed_expired: "登录超时，或是在另一个浏览器中开始的，请重试。",
    failed_refused: "身份提供方未确认此次登录。请重试；若仍失败，原因见服务器日志。",
    failed_no_role: "身份已确认，但您所在的组无权进入，请联系管理员。",
    failed_disabled: "此账号已停用，请联系管理员。",
    forgot: "忘记密码？",
    forgot_hint: "设置新密码的链接将发送到账号的邮箱。",
    account_or_mail: "账号或邮箱",
    reset_ask: "发送链接",
    reset_asked: "若存在此账号且设有邮箱，链接即将送达。链接仅可使用一次，30 分钟内有效。",
    back: "返回",
    must_change: "当前密码由他人设置，请先设置自己的密码。",
    current_password: "当前密码",
    new_password: "新密码",
    reset_done: "密码已设置，请使用新密码登录。",
    again: "再次输入新密码",
    differs: "与上面的不一致。",
    password_changed: "密码已修改，其他会话均已结束。",
  },
} satisfies Same<typeof en>;

// SPDX-License-Identifier: Apache-2.0
import type en from "../en/commands";
import type { Same } from "../texts";

export default {
  commands: {
    send: "发送指令",
    kind: "指令类型",
    set_properties: "设置属性",
    call_service: "调用服务",
    service: "服务",
    params: "参数",
    ttl: "有效期（秒）",
    ttl_hint: "留空则按服务器设置。",
    queued: "指令已排队。",
    none: "还没有指令",
    none_text: "指令会等待设备，并与设备的应答一起显示在这里。",
    answer: "应答",
    code: "代码 {{code}}",
    sent_at: "发送",
    finished_at: "完成",
    expires_at: "过期",
    attempts_other: "尝试 {{count}} 次",
    source_api: "API",
    source_desired: "影子",
    source_script: "脚本",
    state_queued: "排队中",
    state_sent: "已发送",
    state_succeeded: "成功",
    state_failed: "失败",
    state_expired: "已过期",
    state_canceled: "已取消",
  },
} satisfies Same<typeof en>;

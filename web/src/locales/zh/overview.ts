// SPDX-License-Identifier: Apache-2.0
import type en from "../en/overview";
import type { Same } from "../texts";

export default {
  overview: {
    online: "{{n}} 台在线",
    online_share: "在线率",
    rate: "每秒消息数",
    ready: "数据库和消息代理正常",
    not_ready: "数据库或消息代理无法连接",
    traffic: "本实例的流量",
    stored_per_second: "每秒存储的消息，最近三分钟",
    figure_stored: "已存储",
    figure_duplicate: "代理重复发送",
    figure_dead: "死信",
    figure_refused: "拒绝并计数",
    figure_spooled: "写入暂存",
    figure_retry: "退回代理重试",
    figure_auth_denied: "拒绝的认证",
    figure_script_errors: "脚本错误",
    memory: "内存 {{size}}",
    workers_other: "{{count}} 个工作线程",
    newest_letters: "最新死信",
  },
} satisfies Same<typeof en>;

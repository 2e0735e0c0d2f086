// SPDX-License-Identifier: Apache-2.0
import type en from "../en/platform";
import type { Same } from "../texts";

export default {
  platform: {
    text: "整个平台的设置，几秒内处处生效。",
    normal: "{{hint}}留空：{{n}}。",
    site_name: "站点名称",
    site_name_hint: "显示在控制台中。",
    scripts: "所有产品的脚本",
    scripts_hint: "关闭会立即停止所有脚本；消息成为死信或原样存储。",
    scripts_on: "运行",
    scripts_off: "已关闭",
    session_idle_minutes: "空闲会话结束时间（分钟）",
    session_idle_minutes_hint: "没有请求时。",
    session_days: "会话最长时间（天）",
    session_days_hint: "无论如何。",
    rate_per_minute: "每个账号或令牌每分钟请求数",
    rate_per_minute_hint: "超出的以 429 拒绝。",
    rate_open_per_minute: "每个地址每分钟请求数",
    rate_open_per_minute_hint: "未提供凭据时。",
    statistics_days: "统计数据保留（天）",
    statistics_days_hint: "平台的数据，不含设备。",
  },
} satisfies Same<typeof en>;

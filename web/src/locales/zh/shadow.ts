// SPDX-License-Identifier: Apache-2.0
import type en from "../en/shadow";
import type { Same } from "../texts";

export default {
  shadow: {
    desired: "期望值",
    reported: "上报值",
    delta: "差异",
    delta_hint: "已期望但尚未上报的值。修改会作为指令发给设备。",
    version: "版本 {{n}}",
    in_sync: "已同步",
    open_other: "{{count}} 项未同步",
    hint: "删除成员即删除其期望值。",
    patch: "将发送（合并补丁）",
    sent: "期望值已修改。",
  },
} satisfies Same<typeof en>;

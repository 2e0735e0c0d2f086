// SPDX-License-Identifier: Apache-2.0
import type en from "../en/connection";
import type { Same } from "../texts";

export default {
  presence: {
    now: "当前",
    history: "连接记录",
    none: "从未连接",
    address: "地址",
    node_n: "节点 {{n}}",
    connected_at: "连接时间",
    disconnected_at: "断开时间",
  },
} satisfies Same<typeof en>;

// SPDX-License-Identifier: Apache-2.0
import type en from "../en/audit";
import type { Same } from "../texts";

export default {
  audit: {
    text: "谁在何时何地更改了什么。记录不可修改；机密已隐去。",
    actor: "操作者",
    action: "操作",
    target: "对象",
    address: "来自",
    member: "成员",
    before: "之前",
    after: "之后",
    changes: "更改内容",
    no_changes: "没有记录到更改。",
    none: "尚无更改",
  },
} satisfies Same<typeof en>;

// SPDX-License-Identifier: Apache-2.0
import type en from "../en/devices";
import type { Same } from "../texts";

export default {
  devices: {
    text: "所有产品的全部设备。",
    search: "标识或名称",
    chosen_other: "已选 {{count}}：取消选择",
    change_chosen: "更改所选",
    change_all: "更改全部符合的",
    export: "导出",
    label: "标签，或 名称=值",
    presence: "在线状态",
    all_products: "全部产品",
    any_presence: "在线与离线",
    any_state: "全部状态",
    any_source: "全部来源",
    source_manual: "手动添加",
    source_auto: "自动注册",
    source_import: "导入",
    create: "新建设备",
    created: "设备 {{key}} 已创建",
    none: "还没有设备",
    none_text: "添加设备，并把随后显示的凭据交给它。",
    no_products: "请先创建产品。",
    key_hint: "即 MQTT 客户端 ID，在所有产品中唯一。",
    tags_hint: "用空格分隔。",
    username: "MQTT 用户名",
    client_id: "MQTT 客户端 ID",
    secret: "密钥",
    secret_once: "设备的密码由此密钥生成。它只显示这一次，请妥善保存。",
    product_key_used: "该设备使用产品密钥签名。",
  },
} satisfies Same<typeof en>;

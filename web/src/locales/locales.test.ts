// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";

type Tree = Record<string, Record<string, string>>;

const files = import.meta.glob<Tree>("./{en,zh}/*.ts", { eager: true, import: "default" });
const sections = [...new Set(Object.keys(files).map((path) => path.replace(/.*\//, "")))];

function flat(tree: Tree | undefined): Map<string, string> {
  return new Map(
    Object.entries(tree ?? {}).flatMap(([section, texts]) =>
      Object.entries(texts)
        .filter(([name]) => !name.endsWith("_one"))
        .map(([name, text]) => [`${section}.${name}`, text] as const),
    ),
  );
}

const marks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).sort();

describe.each(sections)("%s", (section) => {
  const en = flat(files[`./en/${section}`]);
  const zh = flat(files[`./zh/${section}`]);
  it("says the same in both languages", () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  });
  it("puts the same values into them", () => {
    for (const [name, text] of en) expect([name, marks(zh.get(name) ?? "")]).toEqual([name, marks(text)]);
  });
});

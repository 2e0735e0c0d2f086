// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import en from "./en";
import zh from "./zh";

type Tree = Record<string, Record<string, string>>;

function flat(tree: Tree): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([section, texts]) =>
      Object.entries(texts)
        .filter(([name]) => !name.endsWith("_one"))
        .map(([name, text]) => [`${section}.${name}`, text] as const),
    ),
  );
}

const marks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).sort();

it("says the same in both languages", () => {
  expect([...flat(zh).keys()].sort()).toEqual([...flat(en).keys()].sort());
});

it("puts the same values into them", () => {
  const other = flat(zh);
  for (const [name, text] of flat(en)) expect([name, marks(other.get(name) ?? "")]).toEqual([name, marks(text)]);
});

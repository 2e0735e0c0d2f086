// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { followDraft, isChanged, savedDraft, startDraft, type DraftState } from "./draft";

interface Thing {
  name: string;
  rank: number;
}

const toFields = ({ name, rank }: Thing) => ({ name, rank: String(rank) });
const at = (revision: number, name: string, rank = 1) => ({ etag: `"${revision}"`, data: { name, rank } });
type State = DraftState<Thing, ReturnType<typeof toFields>>;
const typed = (state: State, name: string): State => ({ ...state, fields: { ...state.fields, name } });

it("follows the server while nothing is changed", () => {
  const state = startDraft(at(1, "a"), toFields);
  expect(followDraft(state, at(1, "a"), toFields)).toBe(state);
  expect(followDraft(state, at(2, "b"), toFields)).toEqual(startDraft(at(2, "b"), toFields));
});

it("keeps what was typed when an answer comes, and what it was typed over", () => {
  const state = typed(startDraft(at(1, "a"), toFields), "mine");
  const later = followDraft(state, at(2, "theirs"), toFields);
  expect(later.fields.name).toBe("mine");
  expect(later.base.etag).toBe('"1"');
  expect(followDraft(typed(later, "a"), at(2, "theirs"), toFields).fields.name).toBe("theirs");
});

it("goes on from what was saved, not from what the query still holds", () => {
  const sent = typed(startDraft(at(1, "a"), toFields), " mine ");
  const saved = savedDraft(sent, sent.fields, at(2, "mine"), toFields);
  expect(saved.fields.name).toBe("mine");
  expect(isChanged(saved, toFields)).toBe(false);
  expect(followDraft(saved, at(1, "a"), toFields)).toBe(saved);
  expect(followDraft(saved, at(2, "mine"), toFields).fields.name).toBe("mine");
});

it("keeps what was typed while it was being saved", () => {
  const sent = typed(startDraft(at(1, "a"), toFields), "mine");
  const saved = savedDraft(typed(sent, "mine, and more"), sent.fields, at(2, "mine"), toFields);
  expect(saved.fields.name).toBe("mine, and more");
  expect(saved.base.etag).toBe('"2"');
  expect(isChanged(saved, toFields)).toBe(true);
});

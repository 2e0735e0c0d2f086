// SPDX-License-Identifier: Apache-2.0
// What a form is about: the newest of the server as long as nothing was changed in the form; from then on that which the
// changes were made to. So an answer that comes while somebody types takes nothing away, and saving over what somebody
// else changed meanwhile is left to the server to refuse.
import { useState } from "react";
import type { Tagged } from "@/lib/api/client";

export interface DraftState<T, F> {
  base: Tagged<T>;
  fields: F;
  /** Revision of the newest that was looked at. */
  seen: string | null;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export function startDraft<T, F>(newest: Tagged<T>, toFields: (data: T) => F): DraftState<T, F> {
  return { base: newest, fields: toFields(newest.data), seen: newest.etag };
}

export function isChanged<T, F>({ base, fields }: DraftState<T, F>, toFields: (data: T) => F): boolean {
  return !same(fields, toFields(base.data));
}

/** The same state when there is nothing to follow. */
export function followDraft<T, F>(state: DraftState<T, F>, newest: Tagged<T>, toFields: (data: T) => F): DraftState<T, F> {
  return newest.etag === state.seen || isChanged(state, toFields) ? state : startDraft(newest, toFields);
}

/** After `sent` became `now`; what was typed since then stays. */
export function savedDraft<T, F>(state: DraftState<T, F>, sent: F, now: Tagged<T>, toFields: (data: T) => F): DraftState<T, F> {
  // The query may still hold what was there before, which is not to be followed.
  return { base: now, fields: same(state.fields, sent) ? toFields(now.data) : state.fields, seen: state.seen };
}

export interface Draft<T, F> {
  /** What the changes are made to. */
  base: T;
  etag: string | null;
  fields: F;
  set: (change: Partial<F>) => void;
  saved: (sent: F, now: Tagged<T>) => void;
  /** Drops the changes. */
  restart: () => void;
}

export function useDraft<T, F>(newest: Tagged<T>, toFields: (data: T) => F): Draft<T, F> {
  const [kept, setState] = useState(() => startDraft(newest, toFields));
  const state = followDraft(kept, newest, toFields);
  if (state !== kept) setState(state);
  return {
    base: state.base.data,
    etag: state.base.etag,
    fields: state.fields,
    set: (change) => setState((before) => ({ ...before, fields: { ...before.fields, ...change } })),
    saved: (sent, now) => setState((before) => savedDraft(before, sent, now, toFields)),
    restart: () => setState(startDraft(newest, toFields)),
  };
}

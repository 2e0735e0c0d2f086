// SPDX-License-Identifier: Apache-2.0
// What is wrong with a source, as the editor shows it.
import type { CodeProblem, CodeWord } from "@/components/editor/lua";
import type { Schemas } from "@/lib/api/client";
import type { Checked } from "./queries";

type Reference = Schemas["ScriptReference"];

export function problemsOf(checked: Checked | undefined): CodeProblem[] {
  if (!checked) return [];
  const { error, warnings } = checked;
  const found: CodeProblem[] = warnings.map(({ line, column, message }) => ({ line, column, message, severity: "warning" }));
  if (error) found.unshift({ line: error.line, column: error.column, message: error.message, severity: "error" });
  return found;
}

/** What can be completed: all that scripts may call, and what they may define. */
export function wordsOf(reference: Reference | undefined): CodeWord[] {
  if (!reference) return [];
  const { functions, handlers, members } = reference;
  return [
    ...functions.map(({ name, signature, text }): CodeWord => ({
      label: name, kind: signature.startsWith("(") ? "function" : "constant", detail: signature, info: text,
    })),
    ...handlers.map(({ name, signature, text }): CodeWord => ({ label: name, kind: "function", detail: signature, info: text })),
    ...members.map(({ name, text }): CodeWord => ({ label: name, kind: "property", info: text })),
  ];
}

/** What was typed as a payload: JSON when it is, else text. */
export function payloadOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export const TEMPLATE = `-- What this product does with its messages.
local M = { api = 1 }

-- Returns what is to be stored of a report; false and a reason reject it.
function M.on_property(msg, device)
    return msg.params
end

-- Run on every save: no version is kept whose tests fail.
M.tests = {
    {
        name = "keeps what was reported",
        input = { payload = { id = "1", params = { temperature = 21.5 } } },
        expect = { store = { { params = { temperature = 21.5 } } } },
    },
}

return M
`;

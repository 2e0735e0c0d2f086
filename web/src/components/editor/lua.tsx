// SPDX-License-Identifier: Apache-2.0
// An editor for Lua. Loaded only where something is edited.
import { autocompletion, completionKeymap, type Completion, type CompletionContext } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { luaLook, rootOf } from "./theme";

/** Lines and columns count from 1; 0 or less: not known. */
export interface CodeProblem {
  line: number;
  column: number;
  message: string;
  severity: "error" | "warning";
}

export interface CodeWord {
  label: string;
  kind: "function" | "variable" | "constant" | "property" | "keyword";
  /** Arguments, or what it is. */
  detail?: string;
  info?: string;
}

interface LuaEditorProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  readOnly: boolean;
  problems: CodeProblem[];
  words: CodeWord[];
}

function place(state: EditorState, { line, column, message, severity }: CodeProblem): Diagnostic {
  const at = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  const from = column > 0 ? Math.min(at.from + column - 1, at.to) : at.from;
  return { from, to: Math.max(from, at.to), message, severity };
}

function completer(words: CodeWord[]) {
  const options: Completion[] = words.map(({ label, kind, detail, info }) => ({
    label,
    type: kind,
    ...(detail ? { detail } : {}),
    ...(info ? { info } : {}),
  }));
  return (context: CompletionContext) => {
    const word = context.matchBefore(/[\w.]+/);
    if (!word && !context.explicit) return null;
    return { from: word?.from ?? context.pos, options, validFor: /^[\w.]*$/ };
  };
}

export default function LuaEditor({ label, value, onChange, readOnly, problems, words }: LuaEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const completion = useRef(new Compartment());
  const now = useRef({ value, onChange, words });
  useEffect(() => {
    now.current = { value, onChange, words };
  });

  useEffect(() => {
    if (!host.current) return;
    const root = rootOf(host.current);
    const made = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: now.current.value,
        extensions: [
          luaLook, lineNumbers(), foldGutter(), lintGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(),
          highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(),
          completion.current.of(autocompletion({ override: [completer(now.current.words)] })),
          indentUnit.of("    "),
          EditorState.tabSize.of(4),
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) now.current.onChange(update.state.doc.toString());
          }),
          keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
        ],
      }),
    });
    // Wide code is scrolled by the keyboard, too.
    made.scrollDOM.tabIndex = 0;
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, [label, readOnly]);

  useEffect(() => {
    const made = view.current;
    if (made && made.state.doc.toString() !== value) {
      made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } });
    }
  }, [value]);

  useEffect(() => {
    const made = view.current;
    made?.dispatch(setDiagnostics(made.state, problems.map((problem) => place(made.state, problem))));
  }, [problems]);

  useEffect(() => {
    view.current?.dispatch({ effects: completion.current.reconfigure(autocompletion({ override: [completer(words)] })) });
  }, [words]);

  return <div ref={host} className="h-[28rem] overflow-hidden" />;
}

// SPDX-License-Identifier: Apache-2.0
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "@/lib/i18n";

const PAUSE_MS = 250;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

interface SearchBoxProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** Tells of a change once typing pauses. "/" goes here from anywhere on the page. */
export function SearchBox({ label, value, onChange }: SearchBoxProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const box = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (value !== known) {
    setKnown(value);
    setText(value);
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || isTyping(event.target) || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      box.current?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
      clearTimeout(timer.current);
    };
  }, []);
  function tell(now: string) {
    clearTimeout(timer.current);
    setKnown(now);
    onChange(now);
  }
  return (
    <form
      role="search"
      className="relative w-full sm:w-72"
      onSubmit={(event) => {
        event.preventDefault();
        tell(text.trim());
      }}
    >
      <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" aria-hidden />
      <input
        ref={box}
        type="search"
        aria-label={label}
        placeholder={label}
        title={t("table.search_hint")}
        maxLength={200}
        className="field w-full pl-8"
        value={text}
        onChange={(event) => {
          const now = event.target.value;
          setText(now);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => tell(now.trim()), PAUSE_MS);
        }}
      />
    </form>
  );
}

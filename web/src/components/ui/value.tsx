// SPDX-License-Identifier: Apache-2.0
// Values from devices. They are always text; only http(s) addresses may be opened, and only by a click.
import { ExternalLink } from "lucide-react";
import { inline, isObject, pretty, safeHref, shortNumber } from "@/lib/data";

export function DataLink({ href, text }: { href: string; text: string }) {
  const safe = safeHref(href);
  if (!safe) return <span className="break-all">{text}</span>;
  return (
    // eslint-disable-next-line no-restricted-syntax -- this is the component that checks
    <a href={safe} target="_blank" rel="noopener noreferrer nofollow" className="break-all text-accent-ink underline">
      {text} <ExternalLink className="inline size-3" aria-hidden />
    </a>
  );
}

export function Value({ value }: { value: unknown }) {
  if (typeof value === "string" && safeHref(value)) return <DataLink href={value} text={inline(value)} />;
  if (value === null || typeof value === "boolean") return <span className="font-mono text-ink-2">{String(value)}</span>;
  if (typeof value === "number") {
    return (
      <span className="tabular-nums" title={String(value)}>
        {shortNumber(value)}
      </span>
    );
  }
  if (isObject(value) || Array.isArray(value)) {
    return (
      <span className="font-mono text-xs break-all text-ink-2" title={pretty(value).slice(0, 2000)}>
        {inline(value)}
      </span>
    );
  }
  return <span className="break-all whitespace-pre-wrap">{inline(value, 400)}</span>;
}

export function Code({ text, className = "" }: { text: string; className?: string }) {
  return (
    <pre
      tabIndex={0}
      className={`overflow-auto rounded-md border bg-sunk px-3 py-2 font-mono text-xs leading-5 whitespace-pre-wrap break-all ${className}`}
    >
      {text}
    </pre>
  );
}

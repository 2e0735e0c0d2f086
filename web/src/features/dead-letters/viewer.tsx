// SPDX-License-Identifier: Apache-2.0
import { useMemo, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { CopyButton } from "@/components/ui/copy";
import { Choice } from "@/components/ui/form";
import { Code } from "@/components/ui/value";
import { asText, formatBytes, hexDump, prettyText } from "@/lib/data";
import { readBody } from "./body";

interface ViewerProps {
  body: string;
  encoding: "text" | "base64";
  size: number;
}

/** Bytes that a device chose: shown as text when they are, else as hex; never as anything else. */
export function BodyViewer({ body, encoding, size }: ViewerProps) {
  const { t } = useTranslation();
  const parts = useMemo(() => readBody(body, encoding), [body, encoding]);
  const [part, setPart] = useState<"payload" | "hook">(parts.payload ? "payload" : "hook");
  const [wanted, setForm] = useState<"text" | "hex" | null>(null);
  const bytes = part === "payload" && parts.payload ? parts.payload : parts.hook;
  const text = useMemo(() => asText(bytes), [bytes]);
  const form = wanted ?? (text === null ? "hex" : "text");
  const shown = form === "hex" ? hexDump(bytes) : text === null ? new TextDecoder().decode(bytes) : prettyText(text);
  return (
    <div>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        {parts.payload && (
          <Choice
            label={t("letters.part")}
            value={part}
            onChange={setPart}
            options={[
              { value: "payload", label: t("letters.payload") },
              { value: "hook", label: t("letters.hook") },
            ]}
          />
        )}
        <Choice
          label={t("letters.form")}
          value={form}
          onChange={setForm}
          options={[
            { value: "text", label: t("letters.text") },
            { value: "hex", label: t("letters.hex") },
          ]}
        />
        <span className="ml-auto text-xs text-ink-3">{formatBytes(bytes.length)}</span>
        <CopyButton text={shown} />
      </div>
      <Code text={shown} className={`max-h-[26rem] ${form === "hex" ? "whitespace-pre! break-normal!" : ""}`} />
      {size > parts.hook.length && (
        <p className="mt-1 text-xs text-warn">{t("letters.cut", { kept: formatBytes(parts.hook.length), size: formatBytes(size) })}</p>
      )}
    </div>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { IconButton } from "@/components/ui/button";
import { toast } from "@/lib/toast";

export function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      toast.say(t("state.copy_failed"));
    }
  }
  const Icon = copied ? Check : Copy;
  return (
    <IconButton label={t("action.copy")} onClick={copy} onBlur={() => setCopied(false)}>
      <Icon className="size-3.5" aria-hidden />
    </IconButton>
  );
}

/** A secret that is shown once. */
export function Once({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <p className="mb-1 font-medium text-ink-2">{label}</p>
      <div className="flex items-center gap-1 rounded-md border bg-sunk pl-3">
        <code className="min-w-0 flex-1 font-mono text-xs break-all select-all">{text}</code>
        <CopyButton text={text} />
      </div>
    </div>
  );
}

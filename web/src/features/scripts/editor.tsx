// SPDX-License-Identifier: Apache-2.0
// The editor with what the server says of the draft: it is checked when typing pauses.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { Problem, Skeleton } from "@/components/ui/states";
import { CheckResult } from "./check-result";
import type { Draft } from "./page";
import { problemsOf, wordsOf } from "./problems";
import { checkQuery, referenceQuery } from "./queries";
import { SaveVersion } from "./save";
import { TryOut } from "./try-out";

const LuaEditor = lazy(() => import("@/components/editor/lua"));

const PAUSE_MS = 500;

function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}

interface EditorProps {
  product: string;
  draft: Draft;
  onDraft: (draft: Draft | null) => void;
}

export default function Editor({ product, draft, onDraft }: EditorProps) {
  const { t } = useTranslation();
  const [saving, setSaving] = useState(false);
  const paused = usePaused(draft.text);
  const check = useQuery({ ...checkQuery(product, paused), enabled: paused !== "" });
  const problems = useMemo(() => problemsOf(check.data), [check.data]);
  const reference = useQuery(referenceQuery);
  const words = useMemo(() => wordsOf(reference.data), [reference.data]);
  const changed = draft.text !== draft.start;
  return (
    <div className="grid items-start gap-3 xl:grid-cols-[3fr_2fr]">
      <Panel
        flush
        title={
          <span className="flex items-center gap-2">
            {draft.from === null ? t("scripts.new") : t("scripts.version_n", { n: draft.from })}
            {changed && <Badge tone="warn">{t("scripts.changed")}</Badge>}
          </span>
        }
        actions={
          <>
            {changed && (
              <Button kind="quiet" onClick={() => onDraft(null)}>
                {t("scripts.revert")}
              </Button>
            )}
            <Button kind="primary" disabled={draft.text === "" || (!changed && draft.from !== null)} onClick={() => setSaving(true)}>
              {t("scripts.save")}
            </Button>
          </>
        }
      >
        <Suspense fallback={<Skeleton className="m-4 h-96" />}>
          <LuaEditor
            label={t("scripts.source")}
            value={draft.text}
            readOnly={false}
            problems={problems}
            words={words}
            onChange={(text) => onDraft({ ...draft, text })}
          />
        </Suspense>
        <p className="border-t px-4 py-1.5 text-xs text-ink-3">{t("scripts.keys")}</p>
      </Panel>
      <div className="flex min-w-0 flex-col gap-3">
        <Panel title={t("scripts.check")} flush>
          {check.isError ? (
            <Problem error={check.error} retry={() => void check.refetch()} compact />
          ) : check.data ? (
            <CheckResult checked={check.data} stale={check.isPlaceholderData || paused !== draft.text} />
          ) : (
            <Skeleton className="m-4 h-16" />
          )}
        </Panel>
        <Panel title={t("scripts.try")}>
          <TryOut product={product} source={draft.text} />
        </Panel>
      </div>
      {saving && <SaveVersion product={product} source={draft.text} onSaved={() => onDraft(null)} onClose={() => setSaving(false)} />}
    </div>
  );
}

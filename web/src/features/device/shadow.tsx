// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { FormProblem, Problem, SkeletonRows } from "@/components/ui/states";
import { Code } from "@/components/ui/value";
import { useMay } from "@/features/session/queries";
import { pretty } from "@/lib/data";
import { mergePatch } from "@/lib/merge-patch";
import { toast } from "@/lib/toast";
import { JsonField, parseObject } from "./json-field";
import { shadowQuery, useChangeShadow, type DeviceId } from "./queries";

interface EditorProps {
  id: DeviceId;
  desired: Record<string, unknown>;
  etag: string | null;
  onDone: () => void;
}

/** Edits the whole of desired; what was changed is sent as a merge patch for the version that was shown. */
function Editor({ id, desired, etag, onDone }: EditorProps) {
  const { t } = useTranslation();
  const change = useChangeShadow(id);
  // What comes in meanwhile does not disturb the typing; the server refuses a change of an older version.
  const [start] = useState({ desired, etag });
  const [text, setText] = useState(() => pretty(desired));
  const value = parseObject(text);
  const patch = value && mergePatch(start.desired, value);
  const changes = patch ? Object.keys(patch).length : 0;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!patch) return;
        change.mutate(
          { desired: patch, etag: start.etag },
          {
            onSuccess: () => {
              toast.say(t("shadow.sent"));
              onDone();
            },
          },
        );
      }}
    >
      <JsonField label={t("shadow.desired")} hint={t("shadow.hint")} rows={12} value={text} onChange={setText} />
      {patch && changes > 0 && (
        <div>
          <p className="mb-1 text-xs text-ink-3">{t("shadow.patch")}</p>
          <Code text={pretty(patch)} className="max-h-40" />
        </div>
      )}
      <FormProblem error={change.error} />
      <div className="flex gap-2">
        <Button kind="primary" type="submit" busy={change.isPending} disabled={changes === 0}>
          {t("action.save")}
        </Button>
        <Button onClick={onDone}>{t("action.cancel")}</Button>
      </div>
    </form>
  );
}

export default function Shadow({ id }: { id: DeviceId }) {
  const { t } = useTranslation();
  const may = useMay();
  const query = useQuery(shadowQuery(id));
  const [editing, setEditing] = useState(false);
  if (query.isPending) return <SkeletonRows />;
  if (!query.data) return <Problem error={query.error} retry={() => void query.refetch()} />;
  const { data: shadow, etag } = query.data;
  const open = Object.keys(shadow.delta).length;
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2 xl:grid-cols-3">
      <Panel
        title={t("shadow.desired")}
        actions={
          <>
            <Badge>{t("shadow.version", { n: shadow.version })}</Badge>
            {may("shadow:update") && !editing && (
              <Button small onClick={() => setEditing(true)}>
                {t("action.edit")}
              </Button>
            )}
          </>
        }
      >
        {editing ? (
          <Editor id={id} desired={shadow.desired} etag={etag} onDone={() => setEditing(false)} />
        ) : (
          <Code text={pretty(shadow.desired)} className="max-h-[32rem]" />
        )}
      </Panel>
      <Panel title={t("shadow.reported")}>
        <Code text={pretty(shadow.reported)} className="max-h-[32rem]" />
      </Panel>
      <Panel
        title={t("shadow.delta")}
        actions={<Badge tone={open ? "warn" : "good"}>{open ? t("shadow.open", { count: open }) : t("shadow.in_sync")}</Badge>}
      >
        <Code text={pretty(shadow.delta)} className="max-h-[32rem]" />
        <p className="mt-2 text-xs text-ink-3">{t("shadow.delta_hint")}</p>
      </Panel>
    </div>
  );
}

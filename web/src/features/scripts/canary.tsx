// SPDX-License-Identifier: Apache-2.0
// The canary under way: how it does, and how it ends.
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { toast } from "@/lib/toast";
import { useAbortCanary, useActivate, type ScriptState } from "./queries";
import { Health } from "./state";
import { targetText } from "./target";

export default function Canary({ product, canary }: { product: string; canary: NonNullable<ScriptState["canary"]> }) {
  const { t } = useTranslation();
  const may = useMay();
  const promote = useActivate(product);
  const abort = useAbortCanary(product);
  const failed = (error: unknown) => toast.problem(error);
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-warn/40 bg-warn-soft px-4 py-2">
      <p className="font-medium">{t("scripts.canary_runs", { n: canary.version, target: targetText(t, canary.target) })}</p>
      <span className="text-ink-2">
        {t("scripts.started")} <Time value={canary.started_at} age /> · {canary.started_by}
      </span>
      <Health state={canary} />
      {may("scripts:activate") && (
        <span className="ml-auto flex gap-2">
          <Button
            small
            busy={abort.isPending}
            onClick={() => abort.mutate(undefined, { onSuccess: () => toast.say(t("scripts.canary_over")), onError: failed })}
          >
            {t("scripts.canary_abort")}
          </Button>
          <Button
            small
            kind="primary"
            busy={promote.isPending}
            onClick={() =>
              promote.mutate(canary.version, { onSuccess: () => toast.say(t("scripts.activated", { n: canary.version })), onError: failed })
            }
          >
            {t("scripts.canary_promote")}
          </Button>
        </span>
      )}
    </div>
  );
}

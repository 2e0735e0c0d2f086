// SPDX-License-Identifier: Apache-2.0
// What is done to the version in force; each step is asked about first.
import { Ban, Octagon, Play, Undo2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { useMay } from "@/features/session/queries";
import { toast } from "@/lib/toast";
import { useDeactivate, useRollback, useSwitch, type ScriptState } from "./queries";

const Confirm = lazy(() => import("@/components/ui/confirm").then(({ Confirm }) => ({ default: Confirm })));

function Switch({ product, state }: { product: string; state: ScriptState }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const turn = useSwitch(product);
  const what = state.enabled ? "stop" : "start";
  return (
    <>
      <Button kind={state.enabled ? "danger" : "plain"} onClick={() => setAsking(true)}>
        {state.enabled ? <Octagon className="size-3.5" aria-hidden /> : <Play className="size-3.5" aria-hidden />} {t(`scripts.${what}`)}
      </Button>
      <Suspense>
        {asking && (
          <Confirm
            title={t(`scripts.${what}`)}
            text={t(`scripts.${what}_text`)}
            action={t(`scripts.${what}`)}
            word={state.enabled ? product : undefined}
            busy={turn.isPending}
            error={turn.error}
            onClose={() => setAsking(false)}
            onConfirm={() => turn.mutate(!state.enabled, { onSuccess: () => setAsking(false) })}
          />
        )}
      </Suspense>
    </>
  );
}

export function Steering({ product, state }: { product: string; state: ScriptState }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<"rollback" | "deactivate" | null>(null);
  const rollback = useRollback(product);
  const deactivate = useDeactivate(product);
  const change = asking === "rollback" ? rollback : deactivate;
  const may = useMay();
  const activates = may("scripts:activate");
  const done = (text: string) => {
    toast.say(text);
    setAsking(null);
  };
  return (
    <>
      {may("products:update") && state.version !== null && <Switch product={product} state={state} />}
      {activates && state.activated_at !== null && (
        <Button onClick={() => setAsking("rollback")}>
          <Undo2 className="size-3.5" aria-hidden /> {t("scripts.rollback")}
        </Button>
      )}
      {activates && state.version !== null && (
        <Button kind="danger" onClick={() => setAsking("deactivate")}>
          <Ban className="size-3.5" aria-hidden /> {t("scripts.deactivate")}
        </Button>
      )}
      <Suspense>
        {asking && (
          <Confirm
            title={t(`scripts.${asking}`)}
            text={t(`scripts.${asking}_text`)}
            action={t(`scripts.${asking}`)}
            word={asking === "deactivate" ? product : undefined}
            busy={change.isPending}
            error={change.error}
            onClose={() => setAsking(null)}
            onConfirm={() =>
              change.mutate(undefined, {
                onSuccess: ({ version }) =>
                  done(version === null ? t("scripts.none_now") : t("scripts.activated", { n: version })),
              })
            }
          />
        )}
      </Suspense>
    </>
  );
}

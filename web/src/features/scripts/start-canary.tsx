// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Choice, Field, Input, Textarea } from "@/components/ui/form";
import { FormDialog } from "@/components/ui/form-dialog";
import type { Schemas } from "@/lib/api/client";
import { faultAt } from "@/lib/errors";
import { toast } from "@/lib/toast";
import { useStartCanary } from "./queries";

const WAYS = ["percent", "tag", "group", "devices"] as const;
type Way = (typeof WAYS)[number];

function targetOf(way: Way, value: string): Schemas["ScriptCanary"] {
  if (way === "percent") return { percent: Number(value) };
  if (way === "devices") return { devices: [...new Set(value.split(/[\s,]+/).filter(Boolean))] };
  return { [way]: value.trim() };
}

export default function StartCanary({ product, number, onClose }: { product: string; number: number; onClose: () => void }) {
  const { t } = useTranslation();
  const start = useStartCanary(product);
  const [way, setWay] = useState<Way>("percent");
  const [value, setValue] = useState("5");
  const submit = () =>
    start.mutate(
      { number, target: targetOf(way, value) },
      {
        onSuccess: () => {
          toast.say(t("scripts.canary_started", { n: number }));
          onClose();
        },
      },
    );
  const change = (next: Way) => {
    setWay(next);
    setValue(next === "percent" ? "5" : "");
  };
  return (
    <FormDialog
      title={t("scripts.canary_title", { n: number })}
      action={t("scripts.canary_start")}
      busy={start.isPending}
      error={start.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <p className="text-ink-2">{t("scripts.canary_text")}</p>
      <Choice label={t("scripts.canary_for")} value={way} onChange={change} options={WAYS.map((one) => ({ value: one, label: t(`scripts.canary_${one}`) }))} />
      <Field label={t(`scripts.${way}`)} hint={way === "devices" ? t("scripts.devices_hint") : undefined} error={faultAt(start.error, `/${way}`)}>
        {(tie) =>
          way === "devices" ? (
            <Textarea {...tie} required rows={4} className="font-mono text-xs leading-5" value={value} onChange={(event) => setValue(event.target.value)} />
          ) : (
            <Input {...tie} required value={value} onChange={(event) => setValue(event.target.value)}
              {...(way === "percent" ? { type: "number", min: 0.01, max: 99.99, step: 0.01 } : {})} />
          )
        }
      </Field>
    </FormDialog>
  );
}

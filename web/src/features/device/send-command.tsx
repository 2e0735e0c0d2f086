// SPDX-License-Identifier: Apache-2.0
import { useState, type FormEvent } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Choice, Field, Input } from "@/components/ui/form";
import { FormProblem } from "@/components/ui/states";
import { faultAt } from "@/lib/errors";
import { newId } from "@/lib/new-id";
import { toast } from "@/lib/toast";
import { JsonField, parseObject } from "./json-field";
import { useSendCommand, type DeviceId } from "./queries";

export function SendCommand({ id }: { id: DeviceId }) {
  const { t } = useTranslation();
  const send = useSendCommand(id);
  const [kind, setKind] = useState<"property" | "service">("property");
  const [service, setService] = useState("");
  const [params, setParams] = useState("{\n  \n}");
  const [ttl, setTtl] = useState("");
  // A new one after each success: sending the same form twice by accident makes one command.
  const [once, setOnce] = useState(newId);
  const value = parseObject(params);

  function change<T>(set: (value: T) => void) {
    return (now: T) => {
      setOnce(newId());
      set(now);
    };
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!value) return;
    const body = {
      params: value,
      ...(kind === "service" ? { name: service } : {}),
      ...(ttl ? { ttl_seconds: Number(ttl) } : {}),
    };
    send.mutate(
      { body, once },
      {
        onSuccess: () => {
          setOnce(newId());
          toast.say(t("commands.queued"));
        },
      },
    );
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Choice
        label={t("commands.kind")}
        value={kind}
        onChange={change(setKind)}
        options={[
          { value: "property", label: t("commands.set_properties") },
          { value: "service", label: t("commands.call_service") },
        ]}
      />
      {kind === "service" && (
        <Field label={t("commands.service")} error={faultAt(send.error, "/name")}>
          {(tie) => (
            <Input {...tie} required pattern="[A-Za-z0-9_\-]{1,128}" className="font-mono" value={service}
              onChange={(event) => change(setService)(event.target.value)} />
          )}
        </Field>
      )}
      <JsonField label={t("commands.params")} rows={6} value={params} onChange={change(setParams)}
        error={faultAt(send.error, "/params")} />
      <Field label={t("commands.ttl")} hint={t("commands.ttl_hint")} error={faultAt(send.error, "/ttl_seconds")}>
        {(tie) => (
          <Input {...tie} type="number" min={1} max={31536000} value={ttl}
            onChange={(event) => change(setTtl)(event.target.value)} />
        )}
      </Field>
      <FormProblem error={send.error} />
      <div>
        <Button kind="primary" type="submit" busy={send.isPending} disabled={!value}>
          {t("commands.send")}
        </Button>
      </div>
    </form>
  );
}

// SPDX-License-Identifier: Apache-2.0
// The draft on a message: pasted, the last ones of the product, or a dead letter. Nothing is stored.
import { useState, type FormEvent } from "react";
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Choice, Field, Input, Textarea } from "@/components/ui/form";
import { FormProblem } from "@/components/ui/states";
import { Code } from "@/components/ui/value";
import { pretty } from "@/lib/data";
import { Position } from "./check-result";
import { payloadOf } from "./problems";
import { useTry, type Tried } from "./queries";

const TOPIC = "thing/event/property/post";
const PAYLOAD = '{"id": "1", "params": {"temperature": 21.5}}';
const WAYS = ["pasted", "last", "letter"] as const;
type Way = (typeof WAYS)[number];

function Item({ item }: { item: Tried["items"][number] }) {
  const { t } = useTranslation();
  return (
    <li className="py-2">
      <p className="mb-1 flex flex-wrap items-center gap-2">
        <Badge tone={item.ok ? "good" : "bad"}>{t(item.ok ? "scripts.ran" : "scripts.did_not_run")}</Badge>
        {item.device && <span className="break-all">{item.device}</span>}
        {item.topic && <span className="font-mono text-xs break-all text-ink-3">{item.topic}</span>}
        <span className="ml-auto text-xs text-ink-3 tabular-nums">{(item.cpu_us / 1000).toFixed(1)} ms</span>
      </p>
      {item.error && (
        <p className="mb-1 break-words text-bad">
          <Position error={item.error} /> {item.error.message}
        </p>
      )}
      {item.effects && <Code text={pretty(item.effects)} className="max-h-64" />}
    </li>
  );
}

export function TryOut({ product, source }: { product: string; source: string }) {
  const { t } = useTranslation();
  const run = useTry(product);
  const [way, setWay] = useState<Way>("pasted");
  const [topic, setTopic] = useState(TOPIC);
  const [payload, setPayload] = useState(PAYLOAD);
  const [device, setDevice] = useState("");
  const [last, setLast] = useState("5");
  const [letter, setLetter] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    const message =
      way === "last"
        ? { last: Number(last) }
        : way === "letter"
          ? { letter: Number(letter) }
          : { topic, payload: payloadOf(payload), ...(device ? { device } : {}) };
    run.mutate({ source, ...message });
  }
  return (
    <>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Choice label={t("scripts.message")} value={way} onChange={setWay} options={WAYS.map((value) => ({ value, label: t(`scripts.way_${value}`) }))} />
        {way === "pasted" && (
          <>
            <Field label={t("scripts.topic")}>
              {(tie) => <Input {...tie} required className="font-mono text-xs" value={topic} onChange={(event) => setTopic(event.target.value)} />}
            </Field>
            <Field label={t("scripts.payload")}>
              {(tie) => (
                <Textarea {...tie} rows={4} className="font-mono text-xs leading-5" value={payload} onChange={(event) => setPayload(event.target.value)} />
              )}
            </Field>
            <Field label={t("scripts.device")} hint={t("scripts.device_hint")}>
              {(tie) => <Input {...tie} pattern="[A-Za-z0-9_\-]{1,128}" value={device} onChange={(event) => setDevice(event.target.value)} />}
            </Field>
          </>
        )}
        {way === "last" && (
          <Field label={t("scripts.how_many")}>
            {(tie) => <Input {...tie} type="number" min={1} max={20} required value={last} onChange={(event) => setLast(event.target.value)} />}
          </Field>
        )}
        {way === "letter" && (
          <Field label={t("scripts.letter")} hint={t("scripts.letter_hint")}>
            {(tie) => <Input {...tie} type="number" min={1} required value={letter} onChange={(event) => setLetter(event.target.value)} />}
          </Field>
        )}
        <div>
          <Button type="submit" busy={run.isPending} disabled={source === ""}>
            {t("scripts.run")}
          </Button>
        </div>
        <FormProblem error={run.error} />
      </form>
      {run.data && (
        <ul className="mt-3 divide-y border-t" aria-label={t("scripts.results")} aria-live="polite">
          {run.data.items.map((item, i) => (
            <Item key={i} item={item} />
          ))}
        </ul>
      )}
    </>
  );
}

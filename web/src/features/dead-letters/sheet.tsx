// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { RotateCw, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Problem, SkeletonRows } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import type { Schemas } from "@/lib/api/client";
import { toast } from "@/lib/toast";
import { letterQuery, useDiscard, useReplay } from "./queries";
import { BodyViewer } from "./viewer";

function Facts({ letter }: { letter: Schemas["DeadLetterBody"] }) {
  const { t } = useTranslation();
  const device =
    letter.product && letter.device ? (
      <Link
        to="/devices/$product/$device"
        params={{ product: letter.product, device: letter.device }}
        className="text-accent-ink hover:underline"
      >
        {letter.product} / {letter.device}
      </Link>
    ) : (
      `${letter.product || "–"} / ${letter.device || "–"}`
    );
  const rows: [string, ReactNode][] = [
    [t("letters.reason"), <Badge key="reason" tone="bad">{letter.reason}</Badge>],
    [t("letters.detail"), letter.detail || "–"],
    [t("field.device"), device],
    [t("letters.time"), <Time key="time" value={letter.time} />],
    [t("letters.action"), letter.action],
    [t("letters.topic"), letter.topic ? <code className="font-mono text-xs">{letter.topic}</code> : "–"],
    [t("presence.node"), letter.node ?? "–"],
  ];
  return (
    <dl className="mb-5 grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5">
      {rows.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-ink-3">{label}</dt>
          <dd className="min-w-0 break-all">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export default function LetterSheet({ id, onClose }: { id: number; onClose: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const letter = useQuery(letterQuery(id));
  const replay = useReplay();
  const discard = useDiscard();
  const [sure, setSure] = useState(false);

  function run() {
    replay.mutate(id, {
      onSuccess: (result) => {
        if (result.stored || result.duplicate || result.ignored) {
          toast.say(t(result.stored ? "letters.replay_stored" : "letters.replay_gone"));
          onClose();
        } else {
          toast.say(t(result.incomplete ? "letters.replay_incomplete" : result.retry ? "letters.replay_retry" : "letters.replay_dead"));
        }
      },
    });
  }
  function drop() {
    if (!sure) return setSure(true);
    discard.mutate(id, {
      onSuccess: () => {
        toast.say(t("letters.discarded", { count: 1 }));
        onClose();
      },
    });
  }
  return (
    <Dialog
      sheet
      title={t("letters.one", { id })}
      onClose={onClose}
      footer={
        letter.data && (
          <>
            {may("dead_letters:delete") && (
              <Button kind="danger" busy={discard.isPending} onClick={drop} onBlur={() => setSure(false)}>
                <Trash2 className="size-3.5" aria-hidden /> {t(sure ? "letters.discard_sure" : "letters.discard")}
              </Button>
            )}
            {may("dead_letters:replay") && (
              <Button kind="primary" busy={replay.isPending} onClick={run}>
                <RotateCw className="size-3.5" aria-hidden /> {t("letters.replay")}
              </Button>
            )}
          </>
        )
      }
    >
      {letter.isPending && <SkeletonRows />}
      {letter.isError && <Problem error={letter.error} retry={() => void letter.refetch()} />}
      {letter.data && (
        <>
          <Facts letter={letter.data} />
          <BodyViewer key={id} body={letter.data.body} encoding={letter.data.encoding} size={letter.data.size} />
        </>
      )}
    </Dialog>
  );
}

// SPDX-License-Identifier: Apache-2.0
// What is done to all letters that match the filter.
import { RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { useMay } from "@/features/session/queries";
import { toast } from "@/lib/toast";
import { filterOf, useDiscardAll, useReplayAll } from "./queries";
import type { LetterSearch } from "./search";

export default function Bulk({ search }: { search: LetterSearch }) {
  const { t } = useTranslation();
  const may = useMay();
  const replay = useReplayAll();
  const discard = useDiscardAll();
  const [asking, setAsking] = useState<"replay" | "discard" | null>(null);
  const done = (text: string) => {
    toast.say(text);
    setAsking(null);
  };
  const confirm = () =>
    asking === "replay"
      ? replay.mutate(filterOf(search), {
          onSuccess: (r) => done(t("letters.replayed", { stored: r.stored, gone: r.duplicate + r.ignored, dead: r.dead })),
        })
      : discard.mutate(filterOf(search), { onSuccess: (r) => done(t("letters.discarded", { count: r.discarded })) });
  const conditions = Object.entries(filterOf(search)).map(([name, value]) => `${name} = ${String(value)}`);
  return (
    <>
      {may("dead_letters:replay") && (
        <Button onClick={() => setAsking("replay")}>
          <RotateCw className="size-3.5" aria-hidden /> {t("letters.replay_all")}
        </Button>
      )}
      {may("dead_letters:delete") && (
        <Button kind="danger" onClick={() => setAsking("discard")}>
          <Trash2 className="size-3.5" aria-hidden /> {t("letters.discard_all")}
        </Button>
      )}
      {asking && (
        <Confirm
          title={t(asking === "replay" ? "letters.replay_all" : "letters.discard_all")}
          text={
            <>
              <p>{t(asking === "replay" ? "letters.replay_all_text" : "letters.discard_all_text")}</p>
              <p className="mt-2 font-mono text-xs break-all">{conditions.join(", ") || t("letters.no_filter")}</p>
            </>
          }
          action={t(asking === "replay" ? "letters.replay" : "letters.discard")}
          busy={replay.isPending || discard.isPending}
          onClose={() => setAsking(null)}
          onConfirm={confirm}
        />
      )}
    </>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { RotateCw, Trash2 } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { columnsFor, DataTable } from "@/components/data-table";
import { Pager } from "@/components/data-table/pager";
import { usePages } from "@/components/data-table/use-pages";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { PageHead, Panel } from "@/components/ui/panel";
import { Empty } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { formatBytes } from "@/lib/data";
import { toast } from "@/lib/toast";
import { LetterFilters } from "./filters";
import { filterOf, lettersQuery, useDiscardAll, useReplayAll, type DeadLetter, type LetterSearch } from "./queries";
import { LetterSheet } from "./sheet";

const column = columnsFor<DeadLetter>();

function useColumns(open: (id: number) => void) {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor("time", {
          header: t("letters.time"),
          cell: ({ row: { original: letter } }) => (
            <button type="button" className="font-medium text-accent-ink hover:underline" onClick={() => open(letter.id)}>
              <Time value={letter.time} />
            </button>
          ),
        }),
        column.accessor("reason", {
          header: t("letters.reason"),
          cell: ({ getValue }) => <Badge tone="bad">{getValue()}</Badge>,
        }),
        column.accessor((letter) => `${letter.product || "–"} / ${letter.device || "–"}`, {
          id: "device",
          header: t("field.device"),
          meta: { className: "hidden sm:table-cell break-all" },
        }),
        column.accessor("detail", {
          header: t("letters.detail"),
          meta: { className: "hidden lg:table-cell" },
          cell: ({ getValue }) => <span className="line-clamp-1 max-w-md break-all text-ink-2">{getValue()}</span>,
        }),
        column.accessor("size", {
          header: t("letters.size"),
          meta: { className: "hidden md:table-cell text-ink-3 text-right" },
          cell: ({ getValue }) => formatBytes(getValue()),
        }),
      ]),
    [t, open],
  );
}

function Bulk({ search }: { search: LetterSearch }) {
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

export function DeadLetters({ search }: { search: LetterSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/dead-letters/" });
  const { data } = useSuspenseQuery(lettersQuery(search));
  const pages = usePages(search.cursor, data.next_cursor);
  const open = useCallback(
    (letter: number | undefined) =>
      void navigate({ search: (before) => ({ ...before, letter }) as LetterSearch, resetScroll: false, state: true }),
    [navigate],
  );
  const columns = useColumns(open);
  const filtered = Object.keys(filterOf(search)).length > 0;
  return (
    <>
      <PageHead title={t("nav.dead_letters")} text={t("letters.page_text")} actions={data.items.length > 0 && <Bulk search={search} />} />
      <LetterFilters
        search={search}
        onChange={(change) =>
          void navigate({
            search: (before) => ({ ...before, cursor: undefined, letter: undefined, ...change }) as LetterSearch,
            replace: true,
          })
        }
        onClear={filtered ? () => void navigate({ search: {} }) : null}
      />
      <Panel flush>
        <DataTable
          label={t("nav.dead_letters")}
          columns={columns}
          rows={data.items}
          rowId={(letter) => String(letter.id)}
          current={search.letter ? String(search.letter) : undefined}
          empty={
            filtered ? (
              <Empty title={t("table.no_match")} text={t("table.no_match_text")} />
            ) : (
              <Empty title={t("letters.none")} text={t("letters.none_text")} />
            )
          }
        />
        {data.items.length > 0 && <Pager shown={data.items.length} {...pages} />}
      </Panel>
      {search.letter && <LetterSheet key={search.letter} id={search.letter} onClose={() => open(undefined)} />}
    </>
  );
}

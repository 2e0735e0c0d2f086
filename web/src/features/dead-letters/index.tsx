// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "@/lib/i18n";
import { DataTable, type Column } from "@/components/data-table";
import { Filters } from "@/components/data-table/filters";
import { Pager } from "@/components/data-table/pager";
import { usePages } from "@/components/data-table/use-pages";
import { Badge } from "@/components/ui/badge";
import { PageHead, Panel } from "@/components/ui/panel";
import { Empty } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { formatBytes } from "@/lib/data";
import { filterOf, lettersQuery, type DeadLetter } from "./queries";
import type { LetterSearch } from "./search";

const Bulk = lazy(() => import("./bulk"));
const LetterSheet = lazy(() => import("./sheet"));

function useColumns(open: (id: number) => void): Column<DeadLetter>[] {
  const { t } = useTranslation();
  return [
    {
      id: "time",
      header: t("letters.time"),
      cell: (letter) => (
        <button type="button" className="font-medium text-accent-ink hover:underline" onClick={() => open(letter.id)}>
          <Time value={letter.time} />
        </button>
      ),
    },
    { id: "reason", header: t("letters.reason"), cell: ({ reason }) => <Badge tone="bad">{reason}</Badge> },
    {
      id: "device",
      header: t("field.device"),
      className: "hidden sm:table-cell break-all",
      cell: (letter) => `${letter.product || "–"} / ${letter.device || "–"}`,
    },
    {
      id: "detail",
      header: t("letters.detail"),
      className: "hidden lg:table-cell",
      cell: ({ detail }) => <span className="line-clamp-1 max-w-md break-all text-ink-2">{detail}</span>,
    },
    {
      id: "size",
      header: t("letters.size"),
      className: "hidden md:table-cell text-ink-3 text-right",
      cell: ({ size }) => formatBytes(size),
    },
  ];
}

export function DeadLetters({ search }: { search: LetterSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/dead-letters/" });
  const { data } = useSuspenseQuery(lettersQuery(search));
  const pages = usePages(search.cursor, data.next_cursor);
  const open = (letter: number | undefined) =>
    void navigate({ search: (before) => ({ ...before, letter }) as LetterSearch, resetScroll: false, state: true });
  const columns = useColumns(open);
  const filtered = Object.keys(filterOf(search)).length > 0;
  return (
    <>
      <PageHead title={t("nav.dead_letters")} text={t("letters.page_text")} actions={<Suspense>{data.items.length > 0 && <Bulk search={search} />}</Suspense>} />
      <Filters
        texts={[
          { name: "reason", label: t("letters.reason"), most: 64 },
          { name: "product", label: t("field.product"), most: 128 },
          { name: "device", label: t("field.device"), most: 128 },
        ]}
        days
        values={search}
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
      <Suspense>
        {search.letter && <LetterSheet key={search.letter} id={search.letter} onClose={() => open(undefined)} />}
      </Suspense>
    </>
  );
}

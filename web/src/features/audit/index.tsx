// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "@/lib/i18n";
import { Filters } from "@/components/data-table/filters";
import { Pager } from "@/components/data-table/pager";
import { usePages } from "@/components/data-table/use-pages";
import { Badge } from "@/components/ui/badge";
import { PageHead, Panel } from "@/components/ui/panel";
import { Empty } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { changesOf } from "./diff";
import { auditQuery, type AuditEntry } from "./queries";
import type { AuditSearch } from "./search";

function Side({ value }: { value: unknown }) {
  if (value === undefined) return <span className="text-ink-3">–</span>;
  return <span className="font-mono text-xs break-all whitespace-pre-wrap">{typeof value === "string" ? value : JSON.stringify(value)}</span>;
}

function Changes({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const changes = changesOf(entry.before ?? null, entry.after ?? null);
  if (changes.length === 0) return <p className="text-ink-3">{t("audit.no_changes")}</p>;
  return (
    <div className="overflow-x-auto rounded-md border">
      <table className="w-full text-left" aria-label={t("audit.changes")}>
        <thead>
          <tr className="border-b text-xs text-ink-3">
            <th scope="col" className="px-3 py-1.5 font-medium">
              {t("audit.member")}
            </th>
            <th scope="col" className="px-3 py-1.5 font-medium">
              {t("audit.before")}
            </th>
            <th scope="col" className="px-3 py-1.5 font-medium">
              {t("audit.after")}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y">
          {changes.map(({ path, before, after }) => (
            <tr key={path} className="align-top">
              <th scope="row" className="px-3 py-1.5 font-mono text-xs font-normal break-all text-ink-2">
                {path || "·"}
              </th>
              <td className="bg-bad-soft/50 px-3 py-1.5">
                <Side value={before} />
              </td>
              <td className="bg-good-soft/50 px-3 py-1.5">
                <Side value={after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  return (
    <li>
      <details>
        <summary className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 -outline-offset-2 hover:bg-sunk/60">
          <span className="text-ink-2">
            <Time value={entry.time} />
          </span>
          <Badge tone="accent">{entry.action}</Badge>
          <span className="min-w-0 flex-1 truncate font-medium">{entry.target}</span>
          <span className="truncate text-ink-2">
            {entry.actor.name} <span className="text-ink-3">· {t(`session.kind_${entry.actor.kind}`)}</span>
          </span>
        </summary>
        <div className="px-4 pb-3">
          <Changes entry={entry} />
          <p className="mt-2 flex flex-wrap gap-x-4 text-xs text-ink-3">
            {entry.product && (
              <span>
                {t("field.product")} {entry.product}
              </span>
            )}
            <span>
              {t("audit.address")} {entry.address || "–"}
            </span>
            <span className="select-all">
              {t("state.request")} {entry.request_id}
            </span>
          </p>
        </div>
      </details>
    </li>
  );
}

export function Audit({ search }: { search: AuditSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/audit/" });
  const { data } = useSuspenseQuery(auditQuery(search));
  const pages = usePages(search.cursor, data.next_cursor);
  const { cursor: _, ...filters } = search;
  const filtered = Object.keys(filters).length > 0;
  return (
    <>
      <PageHead title={t("nav.audit")} text={t("audit.text")} />
      <Filters
        texts={[
          { name: "actor", label: t("audit.actor"), most: 200 },
          { name: "action", label: t("audit.action"), most: 100 },
          { name: "target", label: t("audit.target"), most: 300 },
          { name: "product", label: t("field.product"), most: 128 },
        ]}
        days
        values={filters}
        onChange={(change) =>
          void navigate({ search: (before) => ({ ...before, cursor: undefined, ...change }) as AuditSearch, replace: true })
        }
        onClear={filtered ? () => void navigate({ search: {} }) : null}
      />
      <Panel flush>
        {data.items.length === 0 ? (
          <Empty title={t(filtered ? "table.no_match" : "audit.none")} text={filtered ? t("table.no_match_text") : undefined} />
        ) : (
          <>
            <ul className="divide-y">
              {data.items.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </ul>
            <Pager shown={data.items.length} {...pages} />
          </>
        )}
      </Panel>
    </>
  );
}

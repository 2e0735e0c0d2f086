// SPDX-License-Identifier: Apache-2.0
// One job: how far it is, what came of it row by row, and what can be downloaded.
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "@/lib/i18n";
import { DataTable, type Column } from "@/components/data-table";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/form";
import { Panel } from "@/components/ui/panel";
import { Empty, Problem, SkeletonRows } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useSession } from "@/features/session/queries";
import { api } from "@/lib/api/client";
import { oneOf } from "@/lib/search";
import { toast } from "@/lib/toast";
import { JobState, Progress } from "./progress";
import { isOver, jobQuery, rowsQuery, useCancelJob, useTakeCredentials, type Job, type JobRow } from "./queries";
import { OUTCOMES, type JobPageSearch } from "./search";

const Confirm = lazy(() => import("@/components/ui/confirm").then(({ Confirm }) => ({ default: Confirm })));

function Credentials({ job }: { job: Job }) {
  const { t } = useTranslation();
  const take = useTakeCredentials();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button kind="primary" onClick={() => setAsking(true)}>
        <Download className="size-3.5" aria-hidden /> {t("jobs.credentials")}
      </Button>
      <Suspense>
        {asking && (
          <Confirm
            title={t("jobs.credentials_title")}
            text={t("jobs.credentials_text")}
            action={t("jobs.credentials")}
            busy={take.isPending}
            error={take.error}
            onClose={() => setAsking(false)}
            onConfirm={() => take.mutate(job.id, { onSuccess: () => setAsking(false) })}
          />
        )}
      </Suspense>
    </>
  );
}

function Actions({ job }: { job: Job }) {
  const { t } = useTranslation();
  const session = useSession();
  const cancel = useCancelJob();
  const own = job.actor === session.name;
  const fetch = (path: string, name: string) => void api.download("get", `/api/v1/jobs/${job.id}/${path}`, name).catch(toast.problem);
  return (
    <>
      {!isOver(job) && (
        <Button kind="danger" busy={cancel.isPending} disabled={job.canceling} onClick={() => cancel.mutate(job.id, { onSuccess: () => toast.say(t("jobs.canceled")) })}>
          {t("jobs.cancel")}
        </Button>
      )}
      {own && job.has_credentials && isOver(job) && <Credentials job={job} />}
      {own && job.has_file && (
        <Button kind="primary" onClick={() => fetch("file", `job-${job.id}.${job.params.format === "jsonl" ? "jsonl" : "csv"}`)}>
          <Download className="size-3.5" aria-hidden /> {t("jobs.file")}
        </Button>
      )}
      {job.kind !== "export" && isOver(job) && (
        <Button onClick={() => fetch("report", `job-${job.id}.csv`)}>
          <Download className="size-3.5" aria-hidden /> {t("jobs.report")}
        </Button>
      )}
    </>
  );
}

function useColumns(): Column<JobRow>[] {
  const { t } = useTranslation();
  return [
    { id: "number", header: t("jobs.row"), className: "w-px text-ink-3 tabular-nums", cell: ({ number }) => number },
    { id: "key", header: t("field.device"), cell: ({ key }) => <span className="break-all">{key || "–"}</span> },
    {
      id: "outcome",
      header: t("jobs.outcome"),
      cell: ({ outcome }) => <Badge tone={outcome === "error" ? "bad" : outcome === "unchanged" ? "plain" : "good"}>{t(`jobs.outcome_${outcome}`)}</Badge>,
    },
    { id: "message", header: t("jobs.message"), className: "break-words text-ink-2", cell: ({ message, line }) => message && `${line ? `${t("jobs.line")} ${line}: ` : ""}${message}` },
  ];
}

function Rows({ job, search, onSearch, more }: { job: Job; search: JobPageSearch; onSearch: (search: JobPageSearch) => void; more: (next: string | null) => ReactNode }) {
  const { t } = useTranslation();
  const rows = useQuery({ ...rowsQuery(job.id, search), enabled: isOver(job) });
  const columns = useColumns();
  if (!isOver(job)) return null;
  return (
    <Panel
      title={t("jobs.rows")}
      flush
      actions={
        <Select
          aria-label={t("jobs.outcome")}
          value={search.outcome ?? ""}
          onChange={(event) => {
            const outcome = oneOf(event.target.value, OUTCOMES);
            onSearch(outcome ? { outcome } : {});
          }}
        >
          <option value="">{t("jobs.any_outcome")}</option>
          {OUTCOMES.map((outcome) => (
            <option key={outcome} value={outcome}>
              {t(`jobs.outcome_${outcome}`)}
            </option>
          ))}
        </Select>
      }
    >
      {rows.isPending && <SkeletonRows />}
      {rows.isError && !rows.data && <Problem error={rows.error} retry={() => void rows.refetch()} compact />}
      {rows.data && (
        <>
          <DataTable label={t("jobs.rows")} columns={columns} rows={rows.data.items} rowId={(row) => String(row.number)} empty={<Empty title={t("jobs.no_rows")} />} />
          {more(rows.data.next_cursor)}
        </>
      )}
    </Panel>
  );
}

interface JobViewProps {
  id: number;
  title: ReactNode;
  search: JobPageSearch;
  onSearch: (search: JobPageSearch) => void;
  /** Draws the way to the next rows. */
  more?: (next: string | null) => ReactNode;
}

export function JobView({ id, title, search, onSearch, more = () => null }: JobViewProps) {
  const { t } = useTranslation();
  const query = useQuery(jobQuery(id));
  if (query.isPending) return <SkeletonRows />;
  if (query.isError && !query.data) return <Problem error={query.error} retry={() => void query.refetch()} />;
  const job = query.data;
  return (
    <div className="flex flex-col gap-3">
      <Panel title={<span className="flex flex-wrap items-center gap-2">{title} <JobState job={job} /></span>} actions={<Actions job={job} />}>
        <Progress job={job} />
        <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-ink-2">
          {Object.entries(job.counts).map(([outcome, n]) => (
            <span key={outcome}>
              {t(`jobs.outcome_${outcome}` as "jobs.outcome_error", { defaultValue: outcome })}: <span className="font-medium tabular-nums">{n}</span>
            </span>
          ))}
          <span>
            {t("jobs.by")} {job.actor}
          </span>
          <span>
            <Time value={job.created_at} />
          </span>
        </p>
        {job.error && <p className="mt-2 break-words text-bad">{job.error.message ?? job.error.code}</p>}
      </Panel>
      {job.kind !== "export" && <Rows job={job} search={search} onSearch={onSearch} more={more} />}
    </div>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "@/lib/i18n";
import { DataTable, type Column } from "@/components/data-table";
import { Pager } from "@/components/data-table/pager";
import { usePages } from "@/components/data-table/use-pages";
import { buttonClass } from "@/components/ui/button";
import { Select } from "@/components/ui/form";
import { PageHead, Panel } from "@/components/ui/panel";
import { Empty } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { oneOf } from "@/lib/search";
import { JobState, Progress } from "./progress";
import { jobsQuery, type Job } from "./queries";
import { JOB_KINDS, JOB_STATES, type JobSearch } from "./search";

function useColumns(): Column<Job>[] {
  const { t } = useTranslation();
  return [
    {
      id: "id",
      header: t("jobs.kind"),
      cell: ({ id, kind }) => (
        <Link to="/jobs/$job" params={{ job: String(id) }} className="font-medium whitespace-nowrap text-accent-ink hover:underline">
          {t(`jobs.kind_${kind}`)} {id}
        </Link>
      ),
    },
    { id: "state", header: t("field.state"), cell: (job) => <JobState job={job} /> },
    { id: "progress", header: t("jobs.progress"), cell: (job) => <Progress job={job} /> },
    { id: "actor", header: t("jobs.by"), className: "hidden md:table-cell text-ink-2", cell: ({ actor }) => actor },
    {
      id: "created_at",
      header: t("field.created"),
      className: "hidden sm:table-cell text-ink-2",
      cell: (job) => <Time value={job.created_at} age />,
    },
  ];
}

export function Jobs({ search }: { search: JobSearch }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate({ from: "/jobs/" });
  const { data } = useSuspenseQuery(jobsQuery(search));
  const pages = usePages(search.cursor, data.next_cursor);
  const columns = useColumns();
  const set = (change: { [K in keyof JobSearch]?: JobSearch[K] | undefined }) =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, ...change }) as JobSearch, replace: true });
  return (
    <>
      <PageHead
        title={t("nav.jobs")}
        text={t("jobs.text")}
        actions={
          may("jobs:import") && (
            <Link to="/jobs/import" className={buttonClass("primary")}>
              {t("jobs.import")}
            </Link>
          )
        }
      />
      <div className="mb-3 flex flex-wrap gap-2">
        <Select aria-label={t("jobs.kind")} value={search.kind ?? ""} onChange={(event) => set({ kind: oneOf(event.target.value, JOB_KINDS) })}>
          <option value="">{t("jobs.any_kind")}</option>
          {JOB_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`jobs.kind_${kind}`)}
            </option>
          ))}
        </Select>
        <Select aria-label={t("field.state")} value={search.state ?? ""} onChange={(event) => set({ state: oneOf(event.target.value, JOB_STATES) })}>
          <option value="">{t("jobs.any_state")}</option>
          {JOB_STATES.map((state) => (
            <option key={state} value={state}>
              {t(`jobs.state_${state}`)}
            </option>
          ))}
        </Select>
      </div>
      <Panel flush>
        <DataTable
          label={t("nav.jobs")}
          columns={columns}
          rows={data.items}
          rowId={(job) => String(job.id)}
          empty={
            search.kind || search.state ? (
              <Empty title={t("table.no_match")} text={t("table.no_match_text")} />
            ) : (
              <Empty title={t("jobs.none")} text={t("jobs.none_text")} />
            )
          }
        />
        {data.items.length > 0 && <Pager shown={data.items.length} {...pages} />}
      </Panel>
    </>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "@/lib/i18n";
import { Pager } from "@/components/data-table/pager";
import { usePages } from "@/components/data-table/use-pages";
import { PageHead } from "@/components/ui/panel";
import type { JobPageSearch } from "./search";
import { JobView } from "./view";

function More({ cursor, next }: { cursor: string | undefined; next: string | null }) {
  const pages = usePages(cursor, next);
  return cursor || next ? <Pager shown={50} {...pages} /> : null;
}

export function JobPage({ job, search }: { job: number; search: JobPageSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/jobs/$job" });
  return (
    <>
      <PageHead title={t("jobs.one", { id: job })} />
      <JobView
        id={job}
        title={t("jobs.progress")}
        search={search}
        onSearch={(next) => void navigate({ search: next, replace: true })}
        more={(next) => <More cursor={search.cursor} next={next} />}
      />
    </>
  );
}

// SPDX-License-Identifier: Apache-2.0
// A file of devices: checked first, then imported as it was checked.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState, type FormEvent } from "react";
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { Field, Input, Select } from "@/components/ui/form";
import { PageHead, Panel } from "@/components/ui/panel";
import { FormProblem } from "@/components/ui/states";
import { productKeysQuery } from "@/features/products/queries";
import { isOver, jobQuery, useImport } from "./queries";
import type { JobPageSearch } from "./search";

const JobView = lazy(() => import("./view").then(({ JobView }) => ({ default: JobView })));

const MOST_BYTES = 8 << 20;

function Checked({ id, onRun, busy }: { id: number; onRun: () => void; busy: boolean }) {
  const { t } = useTranslation();
  const { data: job } = useQuery(jobQuery(id));
  const good = job && isOver(job) && job.state === "done" && job.done > job.failed;
  return (
    <div>
      <Button kind="primary" disabled={!good} busy={busy} onClick={onRun}>
        {t("jobs.run")}
      </Button>
    </div>
  );
}

export function ImportPage() {
  const { t } = useTranslation();
  const products = useQuery(productKeysQuery);
  const check = useImport();
  const run = useImport();
  const [file, setFile] = useState<File | null>(null);
  const [product, setProduct] = useState("");
  const [mode, setMode] = useState<"create" | "upsert">("create");
  const [search, setSearch] = useState<JobPageSearch>({});
  const tooLarge = file !== null && file.size > MOST_BYTES;
  // Another file or another choice has to be checked again.
  const changed = () => {
    check.reset();
    run.reset();
    setSearch({});
  };

  function submit(event: FormEvent) {
    event.preventDefault();
    if (file && !tooLarge) check.mutate({ file, product, mode, dryRun: true });
  }
  return (
    <>
      <PageHead title={t("jobs.import")} text={t("jobs.import_text")} />
      <Panel className="mb-3">
        <form onSubmit={submit} className="flex flex-col gap-4">
          <div className="grid gap-4 md:grid-cols-3">
            <Field label={t("jobs.choose_file")} hint={t("jobs.file_hint")} error={tooLarge ? t("jobs.too_large") : undefined}>
              {(tie) => (
                <Input {...tie} type="file" required accept=".csv,.json,.jsonl,.ndjson" className="py-1"
                  onChange={(event) => {
                    setFile(event.target.files?.[0] ?? null);
                    changed();
                  }} />
              )}
            </Field>
            <Field label={t("jobs.product")}>
              {(tie) => (
                <Select {...tie} value={product}
                  onChange={(event) => {
                    setProduct(event.target.value);
                    changed();
                  }}>
                  <option value="">{t("jobs.no_product")}</option>
                  {products.data?.map((key) => <option key={key}>{key}</option>)}
                </Select>
              )}
            </Field>
            <Field label={t("jobs.mode")}>
              {(tie) => (
                <Select {...tie} value={mode}
                  onChange={(event) => {
                    setMode(event.target.value === "upsert" ? "upsert" : "create");
                    changed();
                  }}>
                  <option value="create">{t("jobs.mode_create")}</option>
                  <option value="upsert">{t("jobs.mode_upsert")}</option>
                </Select>
              )}
            </Field>
          </div>
          <FormProblem error={check.error ?? run.error} />
          <div>
            <Button type="submit" busy={check.isPending} disabled={!file || tooLarge}>
              {t("jobs.check")}
            </Button>
          </div>
        </form>
      </Panel>
      {check.data && !run.data && (
        <div className="flex flex-col gap-3">
          <Checked id={check.data.id} busy={run.isPending} onRun={() => file && run.mutate({ file, product, mode, dryRun: false })} />
          <Suspense>
            <JobView id={check.data.id} title={t("jobs.checked")} search={search} onSearch={setSearch} />
          </Suspense>
        </div>
      )}
      <Suspense>{run.data && <JobView id={run.data.id} title={t("jobs.imported")} search={search} onSearch={setSearch} />}</Suspense>
    </>
  );
}

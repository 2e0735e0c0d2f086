// SPDX-License-Identifier: Apache-2.0
// Above the list: what is done to the chosen devices, or to all that match.
import { Download, ListChecks } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation, withTexts } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import type { Selection } from "@/features/jobs/queries";
import { useMay } from "@/features/session/queries";
import type { DeviceSearch } from "./search";

const Bulk = lazy(withTexts(["jobs"], () => import("@/features/jobs/bulk")));
const Export = lazy(withTexts(["jobs"], () => import("@/features/jobs/export")));

/** The filter of the list as a selection; without one all devices are meant. */
export function selectionOf({ sort: _, cursor: __, ...filter }: DeviceSearch): Selection {
  const texts = Object.entries(filter).map(([name, value]) => [name, String(value)]);
  return texts.length > 0 ? { filter: Object.fromEntries(texts) } : { all: true };
}

interface ManyProps {
  search: DeviceSearch;
  chosen: ReadonlySet<string>;
  onClear: () => void;
}

export function Many({ search, chosen, onClear }: ManyProps) {
  const { t } = useTranslation();
  const may = useMay();
  const [open, setOpen] = useState<"bulk" | "export" | null>(null);
  const selection: Selection = chosen.size > 0 ? { keys: [...chosen] } : selectionOf(search);
  return (
    <>
      {chosen.size > 0 && (
        <Button kind="quiet" onClick={onClear}>
          {t("devices.chosen", { count: chosen.size })}
        </Button>
      )}
      {may("jobs:act") && (
        <Button onClick={() => setOpen("bulk")}>
          <ListChecks className="size-3.5" aria-hidden /> {t(chosen.size > 0 ? "devices.change_chosen" : "devices.change_all")}
        </Button>
      )}
      {may("jobs:export") && (
        <Button onClick={() => setOpen("export")}>
          <Download className="size-3.5" aria-hidden /> {t("devices.export")}
        </Button>
      )}
      <Suspense>
        {open === "bulk" && <Bulk selection={selection} onClose={() => setOpen(null)} />}
        {open === "export" && <Export selection={selection} onClose={() => setOpen(null)} />}
      </Suspense>
    </>
  );
}

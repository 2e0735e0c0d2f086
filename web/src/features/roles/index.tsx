// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { DataTable, type Column } from "@/components/data-table";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { PageHead, Panel } from "@/components/ui/panel";
import { useMay } from "@/features/session/queries";
import { builtin } from "./matrix";
import { catalogueQuery, rolesQuery } from "./queries";

const CreateRole = lazy(() => import("./create"));

interface Row {
  key: string;
  name: string;
  permissions: number;
  own: boolean;
}

function useColumns(): Column<Row>[] {
  const { t } = useTranslation();
  return [
    {
      id: "key",
      header: t("field.key"),
      cell: ({ key }) => (
        <Link to="/roles/$role" params={{ role: key }} className="font-medium break-all text-accent-ink hover:underline">
          {key}
        </Link>
      ),
    },
    { id: "name", header: t("field.name"), className: "hidden sm:table-cell", cell: (role) => role.name },
    {
      id: "kind",
      header: t("roles.kind"),
      cell: ({ own }) => <Badge tone={own ? "accent" : "plain"}>{t(own ? "roles.own" : "roles.builtin")}</Badge>,
    },
    { id: "permissions", header: t("roles.permissions"), className: "text-right tabular-nums", cell: (role) => role.permissions },
  ];
}

export function Roles() {
  const { t } = useTranslation();
  const may = useMay();
  const { data: catalogue } = useSuspenseQuery(catalogueQuery);
  const { data: own } = useSuspenseQuery(rolesQuery);
  const columns = useColumns();
  const [creating, setCreating] = useState(false);
  const rows: Row[] = [
    ...catalogue.roles.map((key) => ({ key, name: "", own: false, permissions: builtin(catalogue, key).size })),
    ...own.items.map(({ key, name, permissions }) => ({ key, name, own: true, permissions: permissions.length })),
  ];
  return (
    <>
      <PageHead
        title={t("nav.roles")}
        text={t("roles.text")}
        actions={
          may("roles:create") && (
            <Button kind="primary" onClick={() => setCreating(true)}>
              <Plus className="size-4" aria-hidden /> {t("roles.create")}
            </Button>
          )
        }
      />
      <Panel flush>
        <DataTable label={t("nav.roles")} columns={columns} rows={rows} rowId={(role) => role.key} empty={null} />
      </Panel>
      <Suspense>{creating && <CreateRole catalogue={catalogue} onClose={() => setCreating(false)} />}</Suspense>
    </>
  );
}

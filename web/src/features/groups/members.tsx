// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { DataTable, type Column } from "@/components/data-table";
import { Pager } from "@/components/data-table/pager";
import { usePages } from "@/components/data-table/use-pages";
import { OnlineDot } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { Empty, Problem, SkeletonRows } from "@/components/ui/states";
import type { Device } from "@/features/devices/queries";
import { toast } from "@/lib/toast";
import { membersQuery, useChangeMembers } from "./queries";

const AddMembers = lazy(() => import("./add-members"));

function useColumns(): Column<Device>[] {
  const { t } = useTranslation();
  return [
    {
      id: "key",
      header: t("field.device"),
      cell: ({ key, product }) => (
        <Link to="/devices/$product/$device" params={{ product, device: key }} className="font-medium break-all text-accent-ink hover:underline">
          {key}
        </Link>
      ),
    },
    { id: "name", header: t("field.name"), className: "hidden sm:table-cell", cell: (device) => device.name },
    { id: "product", header: t("field.product"), className: "hidden md:table-cell text-ink-2", cell: (device) => device.product },
    { id: "online", header: t("field.state"), cell: ({ online }) => <OnlineDot online={online} /> },
  ];
}

interface MembersProps {
  group: string;
  cursor: string | undefined;
  /** Its members are listed and may be changed. */
  editable: boolean;
}

export function Members({ group, cursor, editable }: MembersProps) {
  const { t } = useTranslation();
  const members = useQuery(membersQuery(group, cursor));
  const pages = usePages(cursor, members.data?.next_cursor ?? null);
  const change = useChangeMembers(group);
  const columns = useColumns();
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [adding, setAdding] = useState(false);
  const remove = () =>
    change.mutate(
      { remove: [...chosen] },
      {
        onSuccess: ({ removed }) => {
          toast.say(t("groups.removed", { count: removed }));
          setChosen(new Set());
        },
        onError: (error) => toast.problem(error),
      },
    );
  return (
    <Panel
      title={t("groups.members")}
      flush
      actions={
        editable && (
          <>
            {chosen.size > 0 && (
              <Button kind="danger" busy={change.isPending} onClick={remove}>
                <X className="size-3.5" aria-hidden /> {t("groups.remove", { count: chosen.size })}
              </Button>
            )}
            <Button onClick={() => setAdding(true)}>
              <Plus className="size-3.5" aria-hidden /> {t("groups.add")}
            </Button>
          </>
        )
      }
    >
      {members.isPending && <SkeletonRows />}
      {members.isError && !members.data && <Problem error={members.error} retry={() => void members.refetch()} />}
      {members.data && (
        <>
          <DataTable
            label={t("groups.members")}
            columns={columns}
            rows={members.data.items}
            rowId={(device) => device.key}
            selection={editable ? { chosen, onChange: setChosen } : undefined}
            empty={<Empty title={t("groups.no_members")} text={t(editable ? "groups.no_members_text" : "groups.no_match_text")} />}
          />
          {members.data.items.length > 0 && <Pager shown={members.data.items.length} {...pages} />}
        </>
      )}
      <Suspense>{adding && <AddMembers group={group} onClose={() => setAdding(false)} />}</Suspense>
    </Panel>
  );
}

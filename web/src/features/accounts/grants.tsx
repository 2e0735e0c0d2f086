// SPDX-License-Identifier: Apache-2.0
// The roles of an account: each for all products or for one.
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useTranslation } from "@/lib/i18n";
import { Button, IconButton } from "@/components/ui/button";
import { Select } from "@/components/ui/form";
import { productKeysQuery } from "@/features/products/queries";
import { useMay } from "@/features/session/queries";
import { roleKeysQuery, type Grant } from "./queries";

/** What the list may offer, and what is chosen although it may not. */
function options(all: string[] | undefined, chosen: string): string[] {
  const known = all ?? [];
  return chosen && !known.includes(chosen) ? [chosen, ...known] : known;
}

interface GrantsProps {
  grants: Grant[];
  onChange: (grants: Grant[]) => void;
  fault: (path: string) => string | undefined;
}

export function Grants({ grants, onChange, fault }: GrantsProps) {
  const { t } = useTranslation();
  const may = useMay();
  const roles = useQuery({ ...roleKeysQuery, enabled: may("roles:read") });
  const products = useQuery(productKeysQuery);
  const set = (i: number, change: Partial<Grant>) =>
    onChange(grants.map((grant, k) => (k === i ? { ...grant, ...change } : grant)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium text-ink-2">{t("accounts.roles")}</legend>
      {grants.map(({ role, product }, i) => (
        <div key={i}>
          <div className="flex items-center gap-2">
            <Select
              className="min-w-0 flex-1"
              aria-label={t("accounts.role_n", { n: i + 1 })}
              value={role}
              onChange={(event) => set(i, { role: event.target.value })}
            >
              {options(roles.data, role).map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Select>
            <Select
              className="min-w-0 flex-1"
              aria-label={t("accounts.product_n", { n: i + 1 })}
              value={product ?? ""}
              onChange={(event) => set(i, { product: event.target.value || null })}
            >
              <option value="">{t("accounts.all_products")}</option>
              {options(products.data, product ?? "").map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Select>
            <IconButton label={t("accounts.remove_role", { n: i + 1 })} onClick={() => onChange(grants.filter((_, k) => k !== i))}>
              <X className="size-4" aria-hidden />
            </IconButton>
          </div>
          {fault(`/roles/${i}/role`) && <p className="mt-1 text-xs text-bad">{fault(`/roles/${i}/role`)}</p>}
        </div>
      ))}
      <div>
        <Button small onClick={() => onChange([...grants, { role: roles.data?.[0] ?? "viewer", product: null }])}>
          <Plus className="size-3.5" aria-hidden /> {t("accounts.add_role")}
        </Button>
      </div>
    </fieldset>
  );
}

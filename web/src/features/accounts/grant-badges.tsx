// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import type { Grant } from "./queries";

export function GrantBadges({ grants }: { grants: Grant[] }) {
  const { t } = useTranslation();
  if (grants.length === 0) return <span className="text-ink-3">{t("accounts.no_roles")}</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {grants.map(({ role, product }) => (
        <Badge key={`${role} ${product ?? ""}`} tone={role === "admin" && !product ? "accent" : "plain"}>
          {product ? `${role} · ${product}` : role}
        </Badge>
      ))}
    </span>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "@/lib/i18n";
import { useMay } from "@/features/session/queries";
import { actionOf, toMatrix } from "./matrix";
import type { Catalogue } from "./queries";

interface PermissionsProps {
  catalogue: Catalogue;
  chosen: ReadonlySet<string>;
  /** Absent: only to look at. */
  onChange?: (chosen: Set<string>) => void;
}

/** What the role may do; nobody gives more than they have. */
export function Permissions({ catalogue, chosen, onChange }: PermissionsProps) {
  const { t } = useTranslation();
  const may = useMay();
  const toggle = (names: string[], on: boolean) => {
    const next = new Set(chosen);
    for (const name of names) {
      if (on) next.add(name);
      else next.delete(name);
    }
    onChange?.(next);
  };
  return (
    <table className="w-full text-left" aria-label={t("roles.permissions")}>
      <tbody className="divide-y">
        {toMatrix(catalogue).map(({ resource, permissions }) => {
          const mine = permissions.filter((name) => may(name));
          const all = mine.length > 0 && mine.every((name) => chosen.has(name));
          return (
            <tr key={resource} className="align-top">
              <th scope="row" className="w-44 py-2 pr-3 pl-4 font-medium">
                {onChange ? (
                  <label className="flex items-center gap-2">
                    <input
                      type="checkbox"
                      className="size-3.5 accent-accent"
                      disabled={mine.length === 0}
                      checked={all}
                      onChange={() => toggle(mine, !all)}
                    />
                    {resource.replaceAll("_", " ")}
                  </label>
                ) : (
                  resource.replaceAll("_", " ")
                )}
              </th>
              <td className="py-2 pr-4">
                <span className="flex flex-wrap gap-x-5 gap-y-1.5">
                  {permissions.map((name) => (
                    <label key={name} className={`flex items-center gap-1.5 ${chosen.has(name) ? "text-ink" : "text-ink-3"}`}>
                      <input
                        type="checkbox"
                        className="size-3.5 accent-accent"
                        aria-label={name}
                        disabled={!onChange || (!may(name) && !chosen.has(name))}
                        checked={chosen.has(name)}
                        onChange={() => toggle([name], !chosen.has(name))}
                      />
                      {actionOf(name).replaceAll("_", " ")}
                    </label>
                  ))}
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

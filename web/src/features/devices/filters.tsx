// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useTranslation } from "@/lib/i18n";
import { SearchBox } from "@/components/data-table/search-box";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/form";
import { productKeysQuery } from "@/features/products/queries";
import { flag } from "@/lib/search";
import { SOURCES, type DeviceSearch } from "./search";

interface FiltersProps {
  search: DeviceSearch;
  onChange: (change: { [K in keyof DeviceSearch]?: DeviceSearch[K] | undefined }) => void;
  onClear: (() => void) | null;
}

/** One box for `tag` and `name=value`, as both are short and typed. */
function labelFilter(value: string): { tag: string | undefined; attribute: string | undefined } {
  const attribute = value.indexOf("=") > 0;
  return { tag: attribute ? undefined : value || undefined, attribute: attribute ? value : undefined };
}

export function DeviceFilters({ search, onChange, onClear }: FiltersProps) {
  const { t } = useTranslation();
  const products = useQuery(productKeysQuery).data ?? [];
  const known = search.product && !products.includes(search.product) ? [search.product, ...products] : products;
  const both = (value: boolean | undefined) => (value === undefined ? "" : String(value));
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <SearchBox label={t("devices.search")} value={search.q ?? ""} onChange={(q) => onChange({ q: q || undefined })} />
      <Select
        aria-label={t("nav.products")}
        className="max-w-48"
        value={search.product ?? ""}
        onChange={(event) => onChange({ product: event.target.value || undefined })}
      >
        <option value="">{t("devices.all_products")}</option>
        {known.map((key) => (
          <option key={key} value={key}>
            {key}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t("devices.presence")}
        value={both(search.online)}
        onChange={(event) => onChange({ online: flag(event.target.value) })}
      >
        <option value="">{t("devices.any_presence")}</option>
        <option value="true">{t("presence.online")}</option>
        <option value="false">{t("presence.offline")}</option>
      </Select>
      <Select
        aria-label={t("field.state")}
        value={both(search.enabled)}
        onChange={(event) => onChange({ enabled: flag(event.target.value) })}
      >
        <option value="">{t("devices.any_state")}</option>
        <option value="true">{t("field.enabled")}</option>
        <option value="false">{t("field.disabled")}</option>
      </Select>
      <Select
        aria-label={t("field.source")}
        value={search.source ?? ""}
        onChange={(event) => onChange({ source: SOURCES.find((one) => one === event.target.value) })}
      >
        <option value="">{t("devices.any_source")}</option>
        {SOURCES.map((source) => (
          <option key={source} value={source}>
            {t(`devices.source_${source}`)}
          </option>
        ))}
      </Select>
      <LabelBox
        key={search.tag ?? search.attribute ?? ""}
        value={search.tag ?? search.attribute ?? ""}
        onChange={(value) => onChange(labelFilter(value))}
      />
      {onClear && (
        <Button kind="quiet" onClick={onClear}>
          <X className="size-3.5" aria-hidden /> {t("table.clear")}
        </Button>
      )}
    </div>
  );
}

function LabelBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange(String(new FormData(event.currentTarget).get("label")).trim());
      }}
    >
      <input
        name="label"
        aria-label={t("devices.label")}
        placeholder={t("devices.label")}
        defaultValue={value}
        maxLength={400}
        spellCheck={false}
        autoComplete="off"
        className="field w-40"
        onBlur={(event) => event.target.value.trim() !== value && onChange(event.target.value.trim())}
      />
    </form>
  );
}

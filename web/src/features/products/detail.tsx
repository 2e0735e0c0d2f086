// SPDX-License-Identifier: Apache-2.0
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Cpu, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import { Button, buttonClass } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { PageHead, Panel } from "@/components/ui/panel";
import { Time } from "@/components/ui/time";
import { useMay } from "@/features/session/queries";
import { productQuery, useDeleteProduct } from "./queries";
import { ProductForm } from "./form";

export function ProductPage({ product: key }: { product: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const { data } = useSuspenseQuery(productQuery(key));
  const remove = useDeleteProduct(key);
  const [removing, setRemoving] = useState(false);
  const product = data.data;
  return (
    <>
      <PageHead
        title={
          <>
            {product.key}
            {!product.enabled && <Badge tone="warn">{t("field.disabled")}</Badge>}
          </>
        }
        text={product.name}
        actions={
          <>
            <Link to="/devices" search={{ product: key }} className={buttonClass()}>
              <Cpu className="size-4" aria-hidden /> {t("nav.devices")}
            </Link>
            {may("products:delete") && (
              <Button kind="danger" onClick={() => setRemoving(true)}>
                <Trash2 className="size-4" aria-hidden /> {t("action.delete")}
              </Button>
            )}
          </>
        }
      />
      <Panel title={t("settings.title")}>
        <ProductForm product={data} readOnly={!may("products:update")} />
      </Panel>
      <p className="mt-3 text-xs text-ink-3">
        {t("field.created")} <Time value={product.created_at} /> · {t("field.updated")} <Time value={product.updated_at} />
      </p>
      {removing && (
        <Confirm
          title={t("products.delete_title", { key })}
          text={t("products.delete_text")}
          action={t("action.delete")}
          busy={remove.isPending}
          word={key}
          onClose={() => setRemoving(false)}
          onConfirm={() =>
            remove.mutate(undefined, {
              onSuccess: () => void navigate({ to: "/products" }),
              onError: () => setRemoving(false),
            })
          }
        />
      )}
    </>
  );
}

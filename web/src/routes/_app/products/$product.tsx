// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { ProductPage } from "@/features/products/detail";
import { productQuery } from "@/features/products/queries";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/products/$product")({
  loader: ({ context, params }) =>
    Promise.all([loadTexts("products"), context.queryClient.ensureQueryData(productQuery(params.product))]),
  component: Page,
});

function Page() {
  return <ProductPage product={Route.useParams().product} />;
}

// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Products } from "@/features/products";
import { productsQuery } from "@/features/products/queries";
import { productSearch } from "@/features/products/search";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/products/")({
  validateSearch: productSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => Promise.all([loadTexts("products"), context.queryClient.ensureQueryData(productsQuery(deps))]),
  component: Page,
});

function Page() {
  return <Products search={Route.useSearch()} />;
}

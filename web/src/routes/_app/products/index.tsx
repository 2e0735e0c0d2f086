// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Products } from "@/features/products";
import { PRODUCT_SORTS, productsQuery, type ProductSearch } from "@/features/products/queries";
import { oneOf, text, tidy } from "@/lib/search";

export const Route = createFileRoute("/_app/products/")({
  validateSearch: (search): ProductSearch =>
    tidy({ q: text(search.q), sort: oneOf(search.sort, PRODUCT_SORTS), cursor: text(search.cursor, 2000) }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(productsQuery(deps)),
  component: Page,
});

function Page() {
  return <Products search={Route.useSearch()} />;
}

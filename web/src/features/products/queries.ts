// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";
import { useReadAgain, useSave, type Change } from "@/lib/changes";
import type { ProductSearch } from "./search";

export type Product = Schemas["Product"];
export type Settings = Schemas["ProductSettings"];

const PAGE = 50;

export function productsQuery(search: ProductSearch) {
  return queryOptions({
    queryKey: ["products", "list", search],
    queryFn: ({ signal }) => api.get("/api/v1/products", { query: { ...search, limit: PAGE }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** For choosing one: the first thousand by key. */
export const productKeysQuery = queryOptions({
  queryKey: ["products", "keys"],
  staleTime: 60_000,
  queryFn: async ({ signal }) => {
    const list = await api.get("/api/v1/products", { query: { limit: 1000 }, signal });
    return list.items.map((product) => product.key);
  },
});

export function productQuery(product: string) {
  return queryOptions({
    queryKey: ["products", "one", product],
    queryFn: ({ signal }) => api.tagged("/api/v1/products/{product}", { path: { product }, signal }),
  });
}

const useChanged = () => useReadAgain({ queryKey: ["products"] });

export function useCreateProduct() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ body, once }: { body: Schemas["ProductCreate"]; once: string }) =>
      api.post("/api/v1/products", { body, idempotencyKey: once }),
    onSuccess: useChanged(),
  });
}

export function useUpdateProduct(product: string) {
  return useSave(productQuery(product).queryKey, ["products"], ({ body, etag }: Change<Schemas["ProductPatch"]>) =>
    api.patch("/api/v1/products/{product}", { path: { product }, body, etag }),
  );
}

export function useDeleteProduct(product: string) {
  return useMutation({
    mutationFn: () => api.delete("/api/v1/products/{product}", { path: { product } }),
    onSuccess: useChanged(),
  });
}

// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api/client";

export type Product = Schemas["Product"];
export type Settings = Schemas["ProductSettings"];

export interface ProductSearch {
  q?: string;
  sort?: ProductSort;
  cursor?: string;
}

export const PRODUCT_SORTS = ["key", "-key", "name", "-name", "created_at", "-created_at"] as const;
export type ProductSort = (typeof PRODUCT_SORTS)[number];

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

function useChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["products"] });
}

export function useCreateProduct() {
  const changed = useChanged();
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ body, once }: { body: Schemas["ProductCreate"]; once: string }) =>
      api.post("/api/v1/products", { body, idempotencyKey: once }),
    onSuccess: changed,
  });
}

export function useUpdateProduct(product: string) {
  const changed = useChanged();
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ body, etag }: { body: Schemas["ProductPatch"]; etag: string | null }) =>
      api.patch("/api/v1/products/{product}", { path: { product }, body, etag }),
    onSuccess: changed,
  });
}

export function useDeleteProduct(product: string) {
  const changed = useChanged();
  return useMutation({
    mutationFn: () => api.delete("/api/v1/products/{product}", { path: { product } }),
    onSuccess: changed,
  });
}

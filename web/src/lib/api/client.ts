// SPDX-License-Identifier: Apache-2.0
// The one place that talks to the server: typed by the API's description, errors thrown as ApiError.
import { credentials } from "@/lib/auth";
import { ApiError, problemOf } from "@/lib/errors";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

type Method = "get" | "post" | "patch" | "delete";
type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>;
type PathOf<M extends Method> = {
  [P in keyof paths]: [Operation<P, M>] extends [never] ? never : P;
}[keyof paths];

type Json<R> = R extends { content: { "application/json": infer J } } ? J : undefined;
type Answer<O> = O extends { responses: infer R } ? Json<R[Extract<keyof R, 200 | 201 | 202 | 204>]> : never;
type Member<O, K extends "query" | "path"> = O extends { parameters: infer P }
  ? K extends keyof P
    ? Exclude<P[K], undefined>
    : never
  : never;
type Body<O> = O extends { requestBody?: infer B } ? Json<Exclude<B, undefined>> : undefined;

export interface Options<O> {
  path?: Member<O, "path">;
  query?: Member<O, "query">;
  body?: Body<O>;
  /** Revision the change is for; the server refuses it when there is a newer one. */
  etag?: string | null;
  /** Makes a create that is sent twice happen once. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** In place of a body: a file as it is. */
  file?: { type: string; data: Blob };
}

export interface Tagged<T> {
  data: T;
  etag: string | null;
}

export function fillPath(template: string, values: Record<string, unknown> = {}): string {
  return template.replace(/\{([a-z_]+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
}

/** Lists are joined by commas; what is undefined, empty or an empty list is left out. */
export function queryString(values: Record<string, unknown> = {}): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    const text = Array.isArray(value) ? value.join(",") : value;
    if (text !== undefined && text !== null && text !== "") out.set(name, String(text));
  }
  const text = out.toString();
  return text && `?${text}`;
}

async function send(method: Method, url: string, options: Options<unknown>): Promise<Response> {
  const headers = new Headers({ accept: "application/json" });
  credentials.sign(headers, method !== "get");
  if (options.body !== undefined) headers.set("content-type", "application/json");
  if (options.file) headers.set("content-type", options.file.type);
  if (options.etag) headers.set("if-match", options.etag);
  if (options.idempotencyKey) headers.set("idempotency-key", options.idempotencyKey);
  const init: RequestInit = { method: method.toUpperCase(), headers, cache: "no-store" };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.file) init.body = options.file.data;
  if (options.signal) init.signal = options.signal;
  try {
    return await fetch(url, init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError({ status: 0, code: "unreachable", title: "The server cannot be reached" });
  }
}

async function call<T>(method: Method, template: string, options: Options<unknown>): Promise<Tagged<T>> {
  const values = options as { path?: Record<string, unknown>; query?: Record<string, unknown> };
  const response = await send(method, fillPath(template, values.path) + queryString(values.query), options);
  if (!response.ok) throw await problemOf(response);
  const data = response.status === 204 ? undefined : await response.json();
  return { data: data as T, etag: response.headers.get("etag") };
}

export const api = {
  async get<P extends PathOf<"get">>(path: P, options: Options<Operation<P, "get">> = {}) {
    return (await call<Answer<Operation<P, "get">>>("get", path, options)).data;
  },
  tagged<P extends PathOf<"get">>(path: P, options: Options<Operation<P, "get">> = {}) {
    return call<Answer<Operation<P, "get">>>("get", path, options);
  },
  async post<P extends PathOf<"post">>(path: P, options: Options<Operation<P, "post">> = {}) {
    return (await call<Answer<Operation<P, "post">>>("post", path, options)).data;
  },
  /** With the revision that came of it. */
  patch<P extends PathOf<"patch">>(path: P, options: Options<Operation<P, "patch">> = {}) {
    return call<Answer<Operation<P, "patch">>>("patch", path, options);
  },
  async delete<P extends PathOf<"delete">>(path: P, options: Options<Operation<P, "delete">> = {}) {
    return (await call<Answer<Operation<P, "delete">>>("delete", path, options)).data;
  },
  /** Saves an answer as a file. */
  async download(method: "get" | "post", path: string, name: string): Promise<void> {
    const response = await send(method, path, {});
    if (!response.ok) throw await problemOf(response);
    const address = URL.createObjectURL(await response.blob());
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  },
  /** For what is not JSON: the figures. */
  async text(path: "/metrics", signal?: AbortSignal): Promise<string> {
    const response = await send("get", path, signal ? { signal } : {});
    if (!response.ok) throw await problemOf(response);
    return response.text();
  },
};

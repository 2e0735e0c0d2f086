// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from "vitest";
import { credentials } from "@/lib/auth";
import { ApiError } from "@/lib/errors";
import { api, fillPath, queryString } from "./client";

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(() =>
    Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status, headers })),
  );
  vi.stubGlobal("fetch", fetched);
  return { sent: () => ({ url: fetched.mock.calls[0]?.[0], init: fetched.mock.calls[0]?.[1] }) };
}

afterEach(() => {
  credentials.useToken(null);
  credentials.useCsrf(null);
});

describe("addresses", () => {
  it("are filled without a way out of their path", () => {
    expect(fillPath("/api/v1/products/{product}", { product: "../x?y=1" })).toBe("/api/v1/products/..%2Fx%3Fy%3D1");
  });
  it("join lists and leave out what says nothing", () => {
    expect(queryString({ tag: ["a", "b"], q: "", online: false, cursor: undefined, none: [] })).toBe("?tag=a%2Cb&online=false");
    expect(queryString({})).toBe("");
  });
});

describe("requests", () => {
  it("carry the token, the revision and the body", async () => {
    credentials.useToken("t0k");
    const { sent } = answer(200, { key: "p" }, { etag: '"2"' });
    await api.patch("/api/v1/products/{product}", { path: { product: "p" }, body: { name: "n" }, etag: '"1"' });
    const headers = new Headers(sent().init?.headers);
    expect(sent().url).toBe("/api/v1/products/p");
    expect(sent().init).toMatchObject({ method: "PATCH", body: '{"name":"n"}' });
    expect([headers.get("authorization"), headers.get("if-match")]).toEqual(["Bearer t0k", '"1"']);
  });
  it("show the session's token only when they change something", async () => {
    credentials.useCsrf("c5rf");
    const reading = answer(200, { items: [], next_cursor: null });
    await api.get("/api/v1/products");
    expect(new Headers(reading.sent().init?.headers).get("x-csrf-token")).toBeNull();
    const changing = answer(204, null);
    expect(await api.delete("/api/v1/session")).toBeUndefined();
    expect(new Headers(changing.sent().init?.headers).get("x-csrf-token")).toBe("c5rf");
  });
});

describe("errors", () => {
  it("carry code, request id and faults", async () => {
    const errors = [{ path: "/key", message: "is required" }];
    answer(422, { code: "validation_failed", status: 422, title: "Not valid", request_id: "r1", errors });
    const error = await api.get("/api/v1/products").catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: "validation_failed", requestId: "r1", faults: errors, transient: false });
  });
  it("have a code even when a proxy answers", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("<html>", { status: 502 })));
    const error = await api.get("/api/v1/products").catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "http_502", status: 502, transient: true });
  });
  it("say when nobody answers", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("refused")));
    await expect(api.get("/api/v1/products")).rejects.toMatchObject({ code: "unreachable", transient: true });
  });
});

// SPDX-License-Identifier: Apache-2.0
// What goes wrong at the server, in one form (RFC 9457): `code` is stable, `requestId` finds the line in its log.

export interface Problem {
  status: number;
  code: string;
  title: string;
  detail?: string;
  request_id?: string;
  errors?: { path: string; message: string }[];
}

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly faults: { path: string; message: string }[];

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "ApiError";
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.requestId = problem.request_id;
    this.faults = problem.errors ?? [];
  }

  /** Asking again may help. */
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

export async function problemOf(response: Response): Promise<ApiError> {
  const fallback = {
    status: response.status,
    code: `http_${response.status}`,
    title: response.statusText || `HTTP ${response.status}`,
  };
  const id = response.headers.get("x-request-id");
  const body: unknown = await response.json().catch(() => null);
  const given = typeof body === "object" && body !== null ? (body as Partial<Problem>) : {};
  return new ApiError({ ...fallback, ...(id ? { request_id: id } : {}), ...given });
}

/** The fault of one form field, given as a JSON pointer such as /settings/auth. */
export function faultAt(error: unknown, path: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.faults.find((fault) => fault.path === path)?.message;
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new ApiError({ status: -1, code: "page_failed", title: text });
}

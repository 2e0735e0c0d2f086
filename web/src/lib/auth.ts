// SPDX-License-Identifier: Apache-2.0
// How requests prove who is asking: a session cookie, which the browser sends by itself, with the token against
// cross-site requests; or an API token, kept for this tab only.

const KEY = "api-token";

function stored(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function store(token: string | null): void {
  try {
    if (token) sessionStorage.setItem(KEY, token);
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without storage the token lasts until the page is loaded again.
  }
}

let token = stored();
let csrf: string | null = null;

export const credentials = {
  useToken(value: string | null): void {
    token = value;
    store(value);
  },
  hasToken(): boolean {
    return token !== null;
  },
  token(): string | null {
    return token;
  },
  useCsrf(value: string | null): void {
    csrf = value;
  },
  sign(headers: Headers, changes: boolean): void {
    if (token) headers.set("authorization", `Bearer ${token}`);
    else if (csrf && changes) headers.set("x-csrf-token", csrf);
  },
};

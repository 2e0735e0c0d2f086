// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { actionOf, builtin, toMatrix } from "./matrix";

const catalogue = {
  permissions: [
    { permission: "devices:read", level: "viewer" },
    { permission: "roles:read", level: "admin" },
    { permission: "devices:create", level: "integrator" },
  ],
  roles: ["viewer", "operator", "integrator", "admin"],
};

it("is a row for each resource", () => {
  expect(toMatrix(catalogue)).toEqual([
    { resource: "devices", permissions: ["devices:read", "devices:create"] },
    { resource: "roles", permissions: ["roles:read"] },
  ]);
  expect(actionOf("dead_letters:replay")).toBe("replay");
});

it("gives a built-in role what those below it have", () => {
  expect([...builtin(catalogue, "operator")]).toEqual(["devices:read"]);
  expect([...builtin(catalogue, "admin")]).toHaveLength(3);
});

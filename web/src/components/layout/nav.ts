// SPDX-License-Identifier: Apache-2.0
// The pages in the side bar; one entry per page. A permission ends in ":" when any of the resource's will do.
export const NAV = [
  { to: "/", label: "nav.overview", icon: "overview", permission: null },
  { to: "/products", label: "nav.products", icon: "products", permission: "products:read" },
  { to: "/devices", label: "nav.devices", icon: "devices", permission: "devices:read" },
  { to: "/groups", label: "nav.groups", icon: "groups", permission: "groups:read" },
  { to: "/scripts", label: "nav.scripts", icon: "scripts", permission: "scripts:read" },
  { to: "/jobs", label: "nav.jobs", icon: "jobs", permission: "jobs:read" },
  { to: "/dead-letters", label: "nav.dead_letters", icon: "letters", permission: "dead_letters:read" },
] as const;

/** Of those who run the platform. */
export const ADMINISTRATION = [
  { to: "/accounts", label: "nav.accounts", icon: "accounts", permission: "accounts:read" },
  { to: "/roles", label: "nav.roles", icon: "roles", permission: "roles:read" },
  { to: "/tokens", label: "nav.tokens", icon: "tokens", permission: "tokens:read" },
  { to: "/audit", label: "nav.audit", icon: "audit", permission: "audit:read" },
  { to: "/settings", label: "nav.settings", icon: "settings", permission: "settings:read" },
] as const;

export type NavEntry = (typeof NAV | typeof ADMINISTRATION)[number];

// SPDX-License-Identifier: Apache-2.0
// The pages in the side bar; one entry per page.
import { Boxes, Cpu, LayoutDashboard, MailX } from "lucide-react";

export const NAV = [
  { to: "/", label: "nav.overview", icon: LayoutDashboard, permission: null },
  { to: "/products", label: "nav.products", icon: Boxes, permission: "products:read" },
  { to: "/devices", label: "nav.devices", icon: Cpu, permission: "devices:read" },
  { to: "/dead-letters", label: "nav.dead_letters", icon: MailX, permission: "dead_letters:read" },
] as const;

// SPDX-License-Identifier: Apache-2.0
// Loaded after the page's own script: they are ornament.
import {
  Boxes,
  Cpu,
  FileCode2,
  Group,
  KeyRound,
  LayoutDashboard,
  ListChecks,
  MailX,
  ScrollText,
  Settings,
  ShieldCheck,
  Users,
  type LucideIcon,
} from "lucide-react";
import type { NavEntry } from "./nav";

const ICONS: Record<NavEntry["icon"], LucideIcon> = {
  overview: LayoutDashboard,
  products: Boxes,
  devices: Cpu,
  groups: Group,
  scripts: FileCode2,
  letters: MailX,
  jobs: ListChecks,
  accounts: Users,
  roles: ShieldCheck,
  tokens: KeyRound,
  audit: ScrollText,
  settings: Settings,
};

export default function NavIcon({ name }: { name: NavEntry["icon"] }) {
  const Icon = ICONS[name];
  return <Icon className="size-4 shrink-0" strokeWidth={1.8} aria-hidden />;
}

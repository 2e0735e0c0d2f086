// SPDX-License-Identifier: Apache-2.0
// All texts by their sections. A page loads core and what it names (lib/i18n.ts).
import type accounts from "./en/accounts";
import type audit from "./en/audit";
import type commands from "./en/commands";
import type connection from "./en/connection";
import type core from "./en/core";
import type device from "./en/device";
import type devices from "./en/devices";
import type groups from "./en/groups";
import type jobs from "./en/jobs";
import type letters from "./en/letters";
import type overview from "./en/overview";
import type platform from "./en/platform";
import type products from "./en/products";
import type profile from "./en/profile";
import type roles from "./en/roles";
import type scripts from "./en/scripts";
import type session from "./en/session";
import type shadow from "./en/shadow";
import type tokens from "./en/tokens";

interface Sections {
  core: typeof core;
  session: typeof session;
  overview: typeof overview;
  products: typeof products;
  devices: typeof devices;
  device: typeof device;
  connection: typeof connection;
  shadow: typeof shadow;
  commands: typeof commands;
  letters: typeof letters;
  jobs: typeof jobs;
  profile: typeof profile;
  platform: typeof platform;
  groups: typeof groups;
  scripts: typeof scripts;
  tokens: typeof tokens;
  roles: typeof roles;
  audit: typeof audit;
  accounts: typeof accounts;
}

export type Section = keyof Sections;

type Both<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer A) => void ? A : never;

export type Texts = Both<Sections[Section]>;

/** What another language has to say; its plural forms may be fewer. */
export type Same<T> = {
  [S in keyof T]: {
    [K in keyof T[S] as K extends `${string}_one` ? never : K]: string;
  };
};

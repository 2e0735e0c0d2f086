// SPDX-License-Identifier: Apache-2.0
// Writes src/routeTree.gen.ts from the files in src/routes, as the bundler does.
import { Generator, getConfig } from "@tanstack/router-generator";
import { fileURLToPath } from "node:url";
import { routerConfig } from "./router-config.js";

const root = fileURLToPath(new URL("..", import.meta.url));
await new Generator({ config: getConfig({ ...routerConfig, target: "react" }, root), root }).run();

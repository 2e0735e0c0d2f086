// SPDX-License-Identifier: Apache-2.0
// Shared by the bundler and by scripts/routes.js.
export const routerConfig = {
  routesDirectory: "./src/routes",
  generatedRouteTree: "./src/routeTree.gen.ts",
  routeTreeFileHeader: ["// SPDX-License-Identifier: Apache-2.0", "// Generated from src/routes by `npm run routes`."],
  quoteStyle: "double",
  semicolons: true,
};

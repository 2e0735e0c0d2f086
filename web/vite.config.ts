// SPDX-License-Identifier: Apache-2.0
import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { routerConfig } from "./scripts/router-config.js";

// Where `npm run dev` finds a running thingd.
const server = process.env.THINGD_URL ?? "http://127.0.0.1:8080";

// What a page asks the server for is part of the page, not of what every page loads.
const codeSplittingOptions = { defaultBehavior: [["component", "loader"], ["errorComponent"], ["notFoundComponent"]] };

export default defineConfig({
  plugins: [tanstackRouter({ ...routerConfig, target: "react", autoCodeSplitting: true, codeSplittingOptions }), react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    manifest: ".vite/manifest.json",
    // An inlined file would be a data: address, which the Content-Security-Policy refuses for scripts.
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      output: {
        // Few larger files pack better than many small ones.
        codeSplitting: {
          groups: [
            { name: "vendor", priority: 3, test: /node_modules\/(react|react-dom|scheduler|i18next|@tanstack)/ },
            { name: "ui", priority: 1, test: /src\/(components\/ui\/(badge|panel|time|form)|lib\/(now|cx|time))/ },
            { name: "table", priority: 1, test: /src\/components\/data-table/ },
            { name: "common", priority: 2, test: /src\/(main|router|lib\/(?!changes|data|draft|merge|new-id|live\/(?!state))|components\/(layout|ui\/(button|states))|features\/session\/queries|routes\/.*\.tsx$)/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(["/api", "/metrics", "/readyz", "/healthz"].map((path) => [path, server])),
  },
});

// SPDX-License-Identifier: Apache-2.0
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "@/lib/errors";
import { startI18n } from "@/lib/i18n";
import { queryClient, router } from "@/router";
import "@/styles/theme.css";

const root = document.getElementById("root");
if (!root) throw new Error("no #root in index.html");

await startI18n();

// What the server refused is shown on the page; all else is a fault of ours.
const onCaughtError = (error: unknown) => {
  if (!(error instanceof ApiError)) reportError(error);
};

createRoot(root, { onCaughtError }).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);

// SPDX-License-Identifier: Apache-2.0
import { createFileRoute, redirect } from "@tanstack/react-router";
import { Frame } from "@/components/layout/frame";
import { sessionQuery } from "@/features/session/queries";
import { toApiError } from "@/lib/errors";

export const Route = createFileRoute("/_app")({
  beforeLoad: async ({ context, location }) => {
    try {
      const session = await context.queryClient.ensureQueryData(sessionQuery);
      if (!session.must_change_password || location.pathname === "/password") return;
    } catch (error) {
      if (toApiError(error).status !== 401) throw error;
      throw redirect({ to: "/sign-in", search: { redirect: location.href } });
    }
    throw redirect({ to: "/password" });
  },
  component: Frame,
});

// SPDX-License-Identifier: Apache-2.0
import { createFileRoute } from "@tanstack/react-router";
import { Profile } from "@/features/profile";
import { loadTexts } from "@/lib/i18n";

export const Route = createFileRoute("/_app/profile")({ loader: () => loadTexts("session", "profile"), component: Profile });

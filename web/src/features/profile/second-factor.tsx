// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { useSession } from "@/features/session/queries";

const SetUp = lazy(() => import("./factor-dialogs").then(({ SetUp }) => ({ default: SetUp })));
const TurnOff = lazy(() => import("./factor-dialogs").then(({ TurnOff }) => ({ default: TurnOff })));

export function SecondFactor() {
  const { t } = useTranslation();
  const { second_factor: on } = useSession();
  const [open, setOpen] = useState<"on" | "off" | null>(null);
  return (
    <Panel
      title={
        <span className="flex items-center gap-2">
          {t("profile.second_factor")} <Badge tone={on ? "good" : "plain"}>{t(on ? "profile.on" : "profile.off")}</Badge>
        </span>
      }
      actions={on ? <Button onClick={() => setOpen("off")}>{t("profile.turn_off")}</Button> : <Button onClick={() => setOpen("on")}>{t("profile.set_up")}</Button>}
    >
      <p className="text-ink-2">{t("profile.factor_text")}</p>
      <Suspense>
        {open === "on" && <SetUp onClose={() => setOpen(null)} />}
        {open === "off" && <TurnOff onClose={() => setOpen(null)} />}
      </Suspense>
    </Panel>
  );
}

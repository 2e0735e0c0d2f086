// SPDX-License-Identifier: Apache-2.0
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Confirm } from "@/components/ui/confirm";
import { useDeleteDevice, type DeviceId } from "./queries";

export default function DeleteDevice({ id, onClose }: { id: DeviceId; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useDeleteDevice(id);
  const [all, setAll] = useState(false);
  return (
    <Confirm
      title={t("device.delete_title", { key: id.device })}
      text={
        <>
          <p>{t("device.delete_text")}</p>
          <label className="mt-3 flex items-center gap-2 text-ink">
            <input type="checkbox" className="size-3.5" checked={all} onChange={(event) => setAll(event.target.checked)} />
            {t("device.delete_history")}
          </label>
        </>
      }
      action={t("action.delete")}
      busy={remove.isPending}
      word={id.device}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(all ? "delete" : "keep", {
          onSuccess: () => void navigate({ to: "/devices" }),
          onError: onClose,
        })
      }
    />
  );
}

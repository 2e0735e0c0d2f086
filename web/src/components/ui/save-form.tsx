// SPDX-License-Identifier: Apache-2.0
// The form of a page that shows one thing: its fields, what the server says to it, and saving.
import type { UseMutationResult } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { FormProblem } from "@/components/ui/states";
import type { Tagged } from "@/lib/api/client";
import type { Change } from "@/lib/changes";
import { cx } from "@/lib/cx";
import type { Draft } from "@/lib/draft";
import { toApiError } from "@/lib/errors";
import { useTranslation } from "@/lib/i18n";
import { toast } from "@/lib/toast";

interface SaveFormProps<T, F, B> {
  draft: Draft<T, F>;
  update: UseMutationResult<Tagged<T>, Error, Change<B>>;
  body: () => B;
  readOnly: boolean;
  /** It goes up to the edge of its panel. */
  flush?: boolean;
  children: ReactNode;
}

export function SaveForm<T, F, B>({ draft, update, body, readOnly, flush, children }: SaveFormProps<T, F, B>) {
  const { t } = useTranslation();
  const outdated = update.isError && toApiError(update.error).code === "version_conflict";
  function submit(event: FormEvent) {
    event.preventDefault();
    const sent = draft.fields;
    update.mutate(
      { body: body(), etag: draft.etag },
      {
        onSuccess: (now) => {
          draft.saved(sent, now);
          toast.say(t("state.saved"));
        },
      },
    );
  }
  function restart() {
    draft.restart();
    update.reset();
  }
  return (
    <form onSubmit={submit}>
      {children}
      {!readOnly && (
        <div className={cx("flex flex-col gap-3 border-t", flush ? "p-4" : "mt-5 pt-4")}>
          <FormProblem error={update.error} />
          <div className="flex flex-wrap gap-2">
            <Button kind="primary" type="submit" busy={update.isPending}>
              {t("action.save")}
            </Button>
            {outdated && <Button onClick={restart}>{t("action.restart")}</Button>}
          </div>
        </div>
      )}
    </form>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "@/lib/i18n";
import { Button } from "@/components/ui/button";

interface MoreProps {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** The rest of a list that goes on downwards. */
export function More({ query }: MoreProps) {
  const { t } = useTranslation();
  if (!query.hasNextPage) return null;
  return (
    <div className="flex justify-center border-t py-2">
      <Button small kind="quiet" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t("table.more")}
      </Button>
    </div>
  );
}

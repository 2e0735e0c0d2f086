// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { LogOut, Menu, UserRound, X } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "@/lib/i18n";
import { Logo } from "@/components/layout/logo";
import { ADMINISTRATION, NAV, type NavEntry } from "@/components/layout/nav";
import { LanguageMenu, ThemeButton } from "@/components/layout/preferences";
import { IconButton } from "@/components/ui/button";
import { useMay, useSession, useSignOut } from "@/features/session/queries";
import { cx } from "@/lib/cx";
import type { LiveState } from "@/lib/live/messages";
import { useLiveState } from "@/lib/live/state";

const NavIcon = lazy(() => import("./nav-icon"));

function NavLinks({ pages, onGo }: { pages: readonly NavEntry[]; onGo: () => void }) {
  const { t } = useTranslation();
  return (
    <ul className="flex flex-col gap-0.5 px-2">
      {pages.map((page) => (
        <li key={page.to}>
          <Link
            to={page.to}
            activeOptions={{ exact: page.to === "/", includeSearch: false }}
            onClick={onGo}
            className="flex h-8 items-center gap-2.5 rounded-md px-2.5 text-ink-2 hover:bg-sunk hover:text-ink"
            activeProps={{ className: "bg-accent-soft! text-accent-ink! font-medium" }}
          >
            <Suspense fallback={<span className="size-4 shrink-0" />}>
              <NavIcon name={page.icon} />
            </Suspense>
            {t(page.label)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Pages({ onGo }: { onGo: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const allowed = (pages: readonly NavEntry[]) => pages.filter(({ permission }) => permission === null || may(permission));
  const administration = allowed(ADMINISTRATION);
  return (
    <>
      <NavLinks pages={allowed(NAV)} onGo={onGo} />
      {administration.length > 0 && (
        <>
          <p className="px-4.5 pt-4 pb-1 text-2xs font-medium tracking-wide text-ink-3 uppercase">{t("nav.administration")}</p>
          <NavLinks pages={administration} onGo={onGo} />
        </>
      )}
    </>
  );
}

function Account() {
  const { t } = useTranslation();
  const session = useSession();
  const signOut = useSignOut();
  const navigate = useNavigate();
  return (
    <div className="border-t p-2">
      <div className="flex items-center gap-1 pl-2.5">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium" title={session.name}>
            {session.name}
          </p>
          <p className="text-2xs text-ink-3">{t(`session.kind_${session.kind}`)}</p>
        </div>
        {session.kind === "account" && (
          <Link
            to="/profile"
            aria-label={t("session.profile")}
            title={t("session.profile")}
            className="inline-flex size-8 items-center justify-center rounded-md text-ink-2 hover:bg-sunk hover:text-ink"
          >
            <UserRound className="size-4" aria-hidden />
          </Link>
        )}
        <IconButton
          label={t("session.sign_out")}
          onClick={() => signOut.mutate(undefined, { onSuccess: () => void navigate({ to: "/sign-in" }) })}
        >
          <LogOut className="size-4" aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}

function Progress() {
  const busy = useRouterState({ select: (state) => state.status === "pending" });
  return (
    <div aria-hidden className={cx("fixed inset-x-0 top-0 z-30 h-0.5 bg-accent transition-opacity", busy ? "animate-pulse" : "opacity-0")} />
  );
}

const LIVE_LOOK: Record<LiveState, string> = {
  live: "bg-good",
  connecting: "bg-warn animate-pulse",
  waiting: "bg-warn animate-pulse",
  off: "border border-ink-3",
  refused: "border border-ink-3",
};

function Live() {
  const { t } = useTranslation();
  const state = useLiveState();
  return (
    <p role="status" className="flex items-center gap-2 px-4.5 py-1.5 text-xs text-ink-3">
      <span className={cx("size-2 shrink-0 rounded-full", LIVE_LOOK[state])} aria-hidden />
      {t(`live.${state}`)}
    </p>
  );
}

/** The stream is for who is signed in, and loaded when the page is there. */
function useFollowing() {
  const client = useQueryClient();
  // Who has to choose a password first is told nothing.
  const { kind, name, must_change_password: waits } = useSession();
  useEffect(() => {
    if (waits) return;
    let end: (() => void) | null = null;
    let over = false;
    void import("@/features/live").then(({ followServer }) => {
      if (!over) end = followServer(client);
    });
    return () => {
      over = true;
      end?.();
    };
  }, [client, kind, name, waits]);
}

export function Frame() {
  const { t } = useTranslation();
  useFollowing();
  const [open, setOpen] = useState(false);
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[13.5rem_minmax(0,1fr)]">
      <a href="#main" className="sr-only z-40 rounded bg-panel p-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2">
        {t("nav.skip")}
      </a>
      <Progress />
      <header className="sticky top-0 z-20 flex h-12 items-center justify-between border-b bg-panel px-3 lg:hidden">
        <IconButton label={t("nav.menu")} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? <X className="size-5" aria-hidden /> : <Menu className="size-5" aria-hidden />}
        </IconButton>
        <span className="flex items-center gap-2 font-semibold">
          <Logo /> thingd
        </span>
        <ThemeButton />
      </header>
      {open && <div className="fixed inset-0 top-12 z-10 bg-black/30 lg:hidden" onClick={() => setOpen(false)} aria-hidden />}
      <nav
        aria-label={t("nav.pages")}
        onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
        className={cx(
          "fixed inset-y-0 top-12 left-0 z-20 w-60 flex-col border-r bg-panel lg:sticky lg:top-0 lg:flex lg:h-dvh lg:w-auto",
          open ? "flex" : "hidden",
        )}
      >
        <div className="hidden h-14 items-center gap-2.5 px-4 text-base font-semibold tracking-tight lg:flex">
          <Logo /> thingd
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto py-2 lg:pt-0">
          <Pages onGo={() => setOpen(false)} />
        </div>
        <Live />
        <div className="flex gap-1 px-3 pb-2">
          <LanguageMenu />
          <ThemeButton />
        </div>
        <Account />
      </nav>
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-[90rem] min-w-0 px-4 py-5 outline-none sm:px-6">
        <Outlet />
      </main>
    </div>
  );
}

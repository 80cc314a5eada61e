import "@mantine/core/styles.css";
import "./parts/style.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { finishSignIn, goToSignIn, isSignedIn, loadConfig, SignedOut } from "./app/auth";
import { queries } from "./app/queries";
import { theme } from "./app/theme";
import { router } from "./routes";

async function start(): Promise<void> {
  await loadConfig();
  if (location.pathname === "/entrar") {
    const to = await finishSignIn(location.search).catch((error: unknown) => {
      if (error instanceof SignedOut) return "/";
      throw error;
    });
    if (to === undefined) return;
    history.replaceState(null, "", to);
  }
  if (!isSignedIn()) {
    await goToSignIn(location.pathname + location.search);
    return;
  }
  createRoot(document.getElementById("root")!).render(
    <MantineProvider theme={theme} forceColorScheme="light">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

start().catch(() => {
  document.getElementById("root")!.textContent = "Não foi possível iniciar. Recarregue a página.";
});

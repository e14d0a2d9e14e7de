/** @file The page's theme: the system's, or the one that the reader chose, which stays for the next visit. */
import type { Theme } from "auricle/design";

const KEY = "auricle-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

let system = $state<Theme>(dark.matches ? "dark" : "light");
let chosen = $state<Theme | undefined>(storedTheme());
dark.addEventListener("change", ({ matches }) => (system = matches ? "dark" : "light"));
show();

/** The theme that is seen; canvases are drawn again when it changes. */
export function theme(): Theme {
  return chosen ?? system;
}

export function toggleTheme(): void {
  chosen = theme() === "dark" ? "light" : "dark";
  show();
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Without storage the choice holds until the page is left.
  }
}

function show(): void {
  if (chosen) document.documentElement.dataset["theme"] = chosen;
}

function storedTheme(): Theme | undefined {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "dark" || stored === "light" ? stored : undefined;
  } catch {
    return undefined;
  }
}

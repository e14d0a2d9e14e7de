/** @file The way of a small picture to its large form, so that the reader sees what was opened. */
import { tick } from "svelte";

/** The name of the picture on its way, in styles too. */
const NAME = "touched-map";

/**
 * Makes a change after which a large element stands for a small one, and lets it grow from there; without motion where the reader or the
 * browser has none.
 * @param from the small element; undefined: nothing grows
 */
export function growFrom(from: HTMLElement | undefined, change: () => void): void {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!from || isStill || !("startViewTransition" in document)) {
    change();
    return;
  }
  from.style.setProperty("view-transition-name", NAME);
  const transition = document.startViewTransition(async () => {
    from.style.removeProperty("view-transition-name");
    change();
    await tick();
  });
  // It is left out in a tab that is hidden; the change was made.
  transition.ready.catch(() => undefined);
}

/** @file How the elements look: the project's colours, which a page may set otherwise on the element. Browser-safe. */
import { THEME_COLORS, type Theme } from "../../design/tokens.ts";

const USED = [
  "paper",
  "raised",
  "ink",
  "soft",
  "line",
  "accent",
  "accent-soft",
  "wrong",
  "danger",
  "caution",
  "edge",
] as const;

function colors(theme: Theme): string {
  return USED.map((name) => `--${name}: ${THEME_COLORS[theme][name]};`).join(" ");
}

const CSS = `
:host { display: block; color-scheme: light dark; ${colors("light")}
  color: var(--ink); background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; text-align: start; }
@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) { ${colors("dark")} } }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; ${colors("dark")} }
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
p { margin: 0; }
[part="box"] { display: grid; gap: 1rem; padding: 1rem; border: 1px solid var(--line); border-radius: 0.5rem; min-width: 0; }
[part="drop"] { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; padding: 1rem; background: var(--raised);
  border: 2px dashed var(--line); border-radius: 0.5rem; }
[part="drop"][data-over] { border-color: var(--accent); background: var(--accent-soft); }
[part="hint"] { color: var(--soft); flex: 1 1 12rem; }
[part~="button"] { font: inherit; color: var(--paper); background: var(--accent); border: 1px solid var(--accent);
  border-radius: 0.375rem; padding: 0.5rem 1rem; min-height: 2.75rem; cursor: pointer; }
[part~="microphone"] { color: var(--accent); background: transparent; }
[part~="button"][aria-pressed="true"] { color: var(--ink); background: var(--caution); border-color: var(--edge); }
[part~="button"]:disabled { opacity: 0.6; cursor: default; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[part="status"] { min-height: 1.5rem; overflow-wrap: anywhere; }
[part="error"] { padding: 0.75rem 1rem; background: var(--danger); border-inline-start: 4px solid var(--wrong);
  border-radius: 0.25rem; overflow-wrap: anywhere; }
[part="caution"] { margin: 0; padding: 0.75rem 1rem 0.75rem 2rem; color: var(--ink); border-inline-start: 4px solid var(--edge);
  background: var(--raised); border-radius: 0.25rem; overflow-wrap: anywhere; }
[part="level"] { height: 0.375rem; background: var(--line); border-radius: 0.25rem; overflow: hidden; }
[part="level"] > div, [part="bar"] > div { height: 100%; background: var(--accent); transform-origin: left; }
[part="preview"] { max-width: 100%; max-height: 16rem; border-radius: 0.25rem; justify-self: start; }
[part="results"] { width: 100%; border-collapse: collapse; }
[part="results"] th, [part="results"] td { padding: 0.25rem 0; font-weight: normal; text-align: start; vertical-align: middle; }
[part="results"] caption { text-align: start; color: var(--soft); overflow-wrap: anywhere; }
[part="name"] { width: 40%; overflow-wrap: anywhere; padding-inline-end: 0.75rem !important; }
[part="row"][data-first] th, [part="row"][data-first] [part="value"] { font-weight: 600; }
[part="bar"] > div { background: var(--accent); }
[part="bar"] { height: 0.75rem; background: var(--accent-soft); border-radius: 0.25rem; overflow: hidden; }
[part="value"] { width: 5.5rem; text-align: end !important; font-variant-numeric: tabular-nums; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: no-preference) { [part="bar"] > div { transition: transform 0.15s; } }
`;

let sheet: CSSStyleSheet | undefined;

/** Returns the elements' style sheet; it is constructed, so that no content security policy is in its way. */
export function styleSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}

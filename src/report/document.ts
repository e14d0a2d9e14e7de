/** @file The frame of all pages: an HTML file that needs nothing else, and a window for examples. Browser-safe. */

import { codeElement, contentPolicy } from "./content-policy.ts";
import { html, type Content, type Html } from "./html.ts";
import { enhancePage } from "./page-script.ts";
import { STYLE } from "./style.ts";

/** The parts in which one page differs from another. */
export interface PageParts {
  readonly title: string;
  /** In the title of the window, after the page's own: "Auricle report". */
  readonly kind: string;
  /** Added to the style sheet of all pages. */
  readonly style?: string;
  readonly body: Content;
}

const SCRIPT = `(${enhancePage.toString()})();`;

/** Returns the page. Its policy lets the browser run the script of all pages, and nothing else. */
export function htmlDocument({ title, kind, style = "", body }: PageParts): Html {
  const code = { script: SCRIPT, style: STYLE + style };
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy(code)}" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="Auricle" />
        <title>${title} · ${kind}</title>
        <link rel="icon" href="data:," />
        ${codeElement("style", code.style)}
      </head>
      <body>
        ${body} ${codeElement("script", code.script)}
      </body>
    </html> `;
}

/**
 * Returns the window in which the script shows the cards of a group.
 * @param unit one of the examples: "clip", "image"
 */
export function examplesDialog(unit: string): Html {
  return html`<dialog id="examples" aria-labelledby="examples-title" data-unit="${unit}">
    <header>
      <h3 id="examples-title"></h3>
      <button type="button">Close</button>
    </header>
    <div class="cards"></div>
  </dialog>`;
}

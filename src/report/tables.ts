/** @file Tables that scroll within a page instead of widening it. Browser-safe. */

import { html, type Content, type Html } from "./html.ts";
import type { Fact } from "./report-data.ts";

/** Wraps content that may be wider than the window; it can be scrolled with the keyboard too. */
export function scrollable(label: string, content: Content): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${content}</div>`;
}

/** Names and what they are. */
export function factList(facts: readonly Fact[]): Html {
  return html`<dl class="facts">
    ${facts.map(
      ({ name, value }) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

/**
 * @file The permissions that a report gives a browser: run its own script, apply its own style sheet, show the pictures and
 * sounds within it, and nothing else. Text from outside that got into the page as a script would not run. Browser-safe.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { base64 } from "./data-uri.ts";
import { trusted, type Html } from "./html.ts";

/** The texts of a page's script and style sheet. */
export interface PageCode {
  readonly script: string;
  readonly style: string;
}

/** The content security policy. Bars and positions are style attributes, which cannot run anything. */
export function contentPolicy({ script, style }: PageCode): string {
  return [
    "default-src 'none'",
    "img-src data:",
    "media-src data:",
    `script-src ${hashSource(script)}`,
    // For browsers that do not tell elements from attributes; the others go by the two below.
    "style-src 'unsafe-inline'",
    `style-src-elem ${hashSource(style)}`,
    "style-src-attr 'unsafe-inline'",
  ].join("; ");
}

/** An element around a text to which no space is added: the policy names the text's hash. */
export function codeElement(name: keyof PageCode, text: string): Html {
  return trusted(`<${name}>${withPlainLines(text)}</${name}>`);
}

function hashSource(text: string): string {
  return `'sha256-${base64(sha256(new TextEncoder().encode(withPlainLines(text))))}'`;
}

/** As a browser reads a page: with line feeds alone. */
function withPlainLines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

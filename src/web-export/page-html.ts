/** @file The page of an exported model: as a file beside others, or with all of them in it. Browser-safe. */
import { sha256 } from "@noble/hashes/sha2.js";
import { COLOR_TOKENS } from "../design/tokens.ts";
import type { Plan } from "../web-runtime/plan.ts";

/** The page's own style; the elements have theirs. */
export const PAGE_CSS = `${COLOR_TOKENS}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.25rem; overflow-wrap: anywhere; }
p { margin: 0; }
main > p { color: var(--soft); margin-bottom: 1rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
footer { margin-top: 1rem; color: var(--soft); }
`;

/** The parts of a page that is one file. */
export interface InlineParts {
  /** The script that defines the elements, the worker's, and the one that takes samples off the audio thread. */
  readonly elements: string;
  readonly worker: string;
  readonly recorder: string;
  readonly binary: Uint8Array;
}

const ELEMENTS = { sound: "auricle-classifier", picture: "auricle-image-classifier" } as const;

/** Returns the name of the element for a model. */
export function elementOf({ input }: Plan): string {
  return ELEMENTS[input.kind];
}

/** The page that stands beside its files. Its policy allows the site's own files alone. */
export function folderPage(plan: Plan): string {
  const policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src blob: data:; manifest-src 'self'";
  return page(plan, policy, {
    head: `<link rel="stylesheet" href="page.css">
<script type="module" src="auricle.js"></script>
<script type="module" src="auricle-page.js"></script>`,
    src: "model/",
    body: "",
    footer: `<a href="LICENSES.txt">Licences</a> of the page's code`,
  });
}

/** The page that needs no other file. Its policy lets it load nothing at all. */
export function singlePage(plan: Plan, { elements, worker, recorder, binary }: InlineParts): string {
  const script = escapeScript(elements);
  const policy =
    `default-src 'none'; script-src ${hashOf(script)} blob: 'wasm-unsafe-eval'; worker-src blob:; ` +
    `style-src ${hashOf(PAGE_CSS)}; img-src blob: data:`;
  const text = (id: string, type: string, content: string) =>
    `<script type="${type}" id="${id}">${content}</script>`;
  const body = [
    text("auricle-model", "application/json", escapeScript(JSON.stringify(plan))),
    text("auricle-model-binary", "text/plain", base64Of(binary)),
    text("auricle-worker", "application/json", escapeScript(JSON.stringify(worker))),
    text("auricle-recorder", "application/json", escapeScript(JSON.stringify(recorder))),
    `<script>${script}</script>`,
  ].join("\n");
  return page(plan, policy, { head: `<style>${PAGE_CSS}</style>`, src: "#auricle-model", body, footer: "" });
}

interface PageParts {
  readonly head: string;
  readonly src: string;
  readonly body: string;
  readonly footer: string;
}

function page(plan: Plan, policy: string, { head, src, body, footer }: PageParts): string {
  const element = elementOf(plan);
  const about = aboutOf(plan);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeText(plan.name)}</title>
<link rel="icon" href="data:,">
${head}
</head>
<body>
<main>
<h1>${escapeText(plan.name)}</h1>
<p>${escapeText(about)}</p>
<${element} src="${src}"></${element}>
<footer>Everything is computed in this page: nothing that you open or say is sent anywhere. ${footer}</footer>
</main>
${body}
</body>
</html>
`;
}

/** Names that are listed before the rest is counted. */
const MOST_NAMES = 12;

function aboutOf({ task, classNames, input }: Plan): string {
  const what = input.kind === "sound" ? "a recording" : "a picture";
  const listed = classNames.slice(0, MOST_NAMES).join(", ");
  const more = classNames.length > MOST_NAMES ? ` and ${classNames.length - MOST_NAMES} more` : "";
  const ways = {
    classification: `Tells which of these ${what} is: `,
    tagging: `Tells which of these tags ${what} has: `,
    regression: `Estimates of ${what}: `,
  };
  return `${ways[task]}${listed}${more}.`;
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** In a script "<" may begin its end; in strings of JavaScript and JSON it can be written otherwise. */
function escapeScript(text: string): string {
  return text.replace(/<(?=\/script|!--|script)/gi, "\\u003c");
}

function hashOf(text: string): string {
  return `'sha256-${base64Of(sha256(new TextEncoder().encode(text)))}'`;
}

/** Bytes at once: more arguments than this some engines do not take. */
const CHUNK = 0x6000;

function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  }
  return text;
}

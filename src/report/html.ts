/** @file HTML as a template literal whose values are escaped unless they are HTML themselves. Browser-safe. */

/** A piece of a page. Only `html` and `trusted` make one, so a text from outside is never taken for one. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The values allowed in a template: HTML, lists of it, texts and numbers; null, undefined and false stand for nothing. */
export type Content = Html | string | number | null | undefined | false | readonly Content[];

/** @example html`<td title="${fileName}">${fileName}</td>` */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  let text = parts[0];
  values.forEach((value, i) => (text += toText(value) + parts[i + 1]));
  return new Html(text);
}

/** Takes a text of the project's own, such as a style sheet, for HTML as it is. */
export function trusted(text: string): Html {
  return new Html(text);
}

export const NOTHING = trusted("");

function toText(value: Content): string {
  if (value === undefined || value === null || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(toText).join("");
  return escapeHtml(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** A text of several lines for `<pre>`. */
export function lines(text: string): Content {
  return text.split("\n").map((line, i) => [i > 0 && LINE_BREAK, line]);
}

const LINE_BREAK = trusted("\n");

/**
 * A text, such as a file's name, for an element's content or a quoted attribute's value: in one line and all of it to
 * be seen. Control characters become their pictures (a newline "␊"), those that turn the direction of writing, with
 * which a name can look like another, their numbers, and halves of surrogate pairs U+FFFD.
 */
export function escapeHtml(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, "\uFFFD")
    .replace(HIDDEN, visibleForm)
    .replace(/[&<>"'`]/g, (character) => ENTITIES[character]);
}

/** C0, DEL and C1; line and paragraph separators; embeddings, overrides and isolates (Unicode Standard Annex #9). */
const HIDDEN = /[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g;

function visibleForm(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}

/** @file The elements of a page, for tests: a reader of the well-formed HTML that the report is, not of any HTML. */

export interface PageElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** With that of the elements within, each after a space; entities decoded. */
  text: string;
}

const VOID = ["meta", "link", "br", "img", "input"];

/** A tag with quoted attributes, a comment or declaration, or text. */
const TOKEN =
  /<!--.*?-->|<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*(\/?)>|[^<]+/gsy;

/**
 * All elements in the order of their start tags.
 * @throws Error where a tag is not closed, closes another, has an attribute twice, or where something is no tag.
 */
export function pageElements(page: string): PageElement[] {
  const elements: PageElement[] = [];
  const open: PageElement[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < page.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(page);
    if (!match) throw new Error(`no tag at ${at}: ${page.slice(at, at + 80)}`);
    const [whole, slash, name, attributes, selfClosing] = match;
    if (name === undefined) {
      for (const element of open) element.text += decode(whole);
    } else if (slash) {
      const last = open.pop();
      if (last?.name !== name) throw new Error(`</${name}> closes <${last?.name}> at ${at}`);
    } else {
      for (const element of open) element.text += " ";
      const element = { name, attributes: attributesOf(attributes), text: "" };
      elements.push(element);
      if (name === "script" || name === "style") {
        const end = page.indexOf(`</${name}>`, TOKEN.lastIndex);
        element.text = page.slice(TOKEN.lastIndex, end);
        TOKEN.lastIndex = end + name.length + 3;
      } else if (!VOID.includes(name) && !selfClosing) open.push(element);
    }
  }
  if (open.length > 0) throw new Error(`not closed: ${open.map(({ name }) => name).join(" ")}`);
  return elements;
}

function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)) {
    if (attributes.has(name)) throw new Error(`attribute twice: ${name}`);
    attributes.set(name, decode(value ?? ""));
  }
  return attributes;
}

const CHARACTERS: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  "#96": "`",
};

function decode(text: string): string {
  return text.replace(/&([#\w]+);/g, (_, entity: string) => CHARACTERS[entity] ?? `?${entity}?`);
}

/** The page without its script and style: its texts and all attributes. */
export function withoutCode(page: string): string {
  return page.replace(/<(script|style)\b.*?<\/\1>/gs, "");
}

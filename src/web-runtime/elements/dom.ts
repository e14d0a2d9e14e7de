/** @file Elements of the page, made by hand: texts come from models and files, so none of them is ever read as HTML. Browser-safe. */

/** Makes an element with attributes; `true` is one without a value, and `undefined` none. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | true | undefined>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Makes a slot with a text for where the page gives none. */
export function slot(name: string, text: string): HTMLSlotElement {
  return make("slot", { name }, text);
}

import { expect, it } from "vitest";
import { escapeHtml, html, lines, trusted } from "./html.ts";

it("escapes values and keeps HTML", () => {
  const inner = html`<b>${"<&>"}</b>`;
  expect(html`<p title="${`"'\``}">${inner}${[1, " ", inner]}</p>`.text).toBe(
    `<p title="&quot;&#39;&#96;"><b>&lt;&amp;&gt;</b>1 <b>&lt;&amp;&gt;</b></p>`,
  );
});

it("leaves out what is undefined, null or false, and keeps zero", () => {
  expect(html`${undefined}${null}${false}${0}`.text).toBe("0");
});

it("shows what could not be seen, and leaves letters of all languages", () => {
  expect(escapeHtml("a\nb\t\u007F\u0085\u202Ec\u2069")).toBe("a␊b␉‹U+007F›‹U+0085›‹U+202E›c‹U+2069›");
  expect(escapeHtml("Žluťoučký 日本語 عربي 𝄞")).toBe("Žluťoučký 日本語 عربي 𝄞");
  expect(escapeHtml("\uD834 \uDD1E")).toBe("\uFFFD \uFFFD");
});

it("keeps lines where they are asked for", () => {
  expect(html`${lines("a\n<b>")}`.text).toBe("a\n&lt;b&gt;");
  expect(trusted("<b>").text).toBe("<b>");
});

import { expect, it } from "vitest";
import { openApiDocument } from "./openapi.ts";

it("every reference of the document leads somewhere, and keys are asked for where they are needed", () => {
  for (const needsKey of [false, true]) {
    const document = openApiDocument(needsKey);
    const text = JSON.stringify(document);
    const { components } = JSON.parse(text) as { components: { schemas: Record<string, object> } };
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(references.length).toBeGreaterThan(20);
    for (const name of references) expect(Object.keys(components.schemas)).toContain(name);
    expect(text.includes('"scheme":"bearer"')).toBe(needsKey);
    expect(text).toContain('"openapi":"3.1.0"');
  }
});

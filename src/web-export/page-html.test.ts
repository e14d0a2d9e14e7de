import { describe, expect, it } from "vitest";
import { pictureModel } from "../onnx/export/testing/built-in-models.ts";
import { compileForWeb } from "./compile-model.ts";
import { elementOf, folderPage, singlePage } from "./page-html.ts";

const title = `</title><script>alert("1")</script>`;
const { plan, binary } = compileForWeb(pictureModel("lenet5", "classification", 28, 1), {
  title,
  weights: "int8",
});
const hostile = { ...plan, classNames: [`<img src=x onerror="a()">`, ...plan.classNames.slice(1)] };

describe("the page of an exported model", () => {
  it("shows names as text, whatever they are", () => {
    const html = folderPage(hostile);
    expect(html).not.toContain("<script>alert");
    expect(html).not.toContain("<img");
    expect(html).toContain(`<${elementOf(plan)} src="model/">`);
  });

  it("of one file has everything within it, in scripts that end where they should", () => {
    const worker = `const text = "</script><!--\r\0";`;
    const html = singlePage(hostile, { elements: "run();", worker, recorder: "record();", binary });
    const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)];
    expect(scripts.map(([, attributes]) => /id="([^"]*)"/.exec(attributes)?.[1])).toEqual([
      "auricle-model",
      "auricle-model-binary",
      "auricle-worker",
      "auricle-recorder",
      undefined,
    ]);
    const contentOf = (id: string) =>
      scripts.find(([, attributes]) => attributes.includes(`id="${id}"`))?.[2] ?? "";
    expect(JSON.parse(contentOf("auricle-model"))).toEqual(hostile);
    expect(JSON.parse(contentOf("auricle-worker"))).toBe(worker);
    expect(Buffer.from(contentOf("auricle-model-binary"), "base64")).toEqual(Buffer.from(binary));
    expect(html).not.toMatch(/https?:/);
    // No other text becomes part of the page.
    expect(html.replace(/<script[\s\S]*?<\/script>/g, "")).not.toMatch(/<(script|img|!--)/);
  });
});

import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { inputTensor } from "../graph/sources.ts";
import { codeSpans, readText } from "../testing/markdown.ts";
import { GRADIENTS } from "./gradients/table.ts";
import { PRIMITIVES } from "./primitives.ts";
import { TESTED_OPERATIONS } from "./testing/cases.ts";

const folder = new URL("./", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));

function isPrimitive(value: unknown): boolean {
  return typeof value === "function" && "operationName" in value;
}

it("the table has each primitive that a file of this folder exports, under its name", async () => {
  const exported = await Promise.all(
    files.map(async (file): Promise<object> => import(new URL(file, folder).pathname)),
  );
  const found = new Set(exported.flatMap((names) => Object.values(names)).filter(isPrimitive));
  expect(found).toEqual(new Set(Object.values(PRIMITIVES)));
  expect(Object.values(PRIMITIVES).map(({ operationName }) => operationName)).toEqual(
    Object.keys(PRIMITIVES),
  );
});

it("each primitive has cases, with gradients unless it stops them", () => {
  const names = Object.entries(GRADIENTS).map(([name, rule]) => ({
    name,
    stopsGradients: rule === undefined,
  }));
  const tested = TESTED_OPERATIONS.filter(({ cases }) => cases.length > 0).map(({ name, cases }) => ({
    name,
    stopsGradients: cases.every(({ withoutGradient }) => withoutGradient !== undefined),
  }));
  // A step of an input that picks changes what is picked: pooling.test.ts and select.test.ts look at their gradients.
  const jumps = ["maxPoolGradient", "maxPoolSelection", "where", "whereEqual"];
  expect(tested.filter(({ name }) => !jumps.includes(name))).toEqual(
    names.filter(({ name }) => !jumps.includes(name)),
  );
  expect(tested.map(({ name }) => name)).toEqual(names.map(({ name }) => name));
});

it("docs/architecture.md lists the primitives by structure, and those without a gradient", () => {
  const groups = new Map<string, string[]>();
  for (const { name, cases } of TESTED_OPERATIONS) {
    const [{ inputs, apply }] = cases;
    const { operation } = apply(inputs.map(({ shape, dtype }) => inputTensor(shape, dtype)));
    expect(operation.name).toBe(name);
    const { kind } = operation.structure;
    groups.set(kind, [...(groups.get(kind) ?? []), name]);
  }
  const stopping = Object.entries(GRADIENTS).filter(([, rule]) => rule === undefined);
  groups.set(
    "without a gradient",
    stopping.map(([name]) => name),
  );
  const section = readText("docs/architecture.md").split("\n## Operations\n")[1].split("\n## ")[0];
  const items = section.replace(/\n {2}/g, " ").matchAll(/^- (.+) \((\d+)\): (.+)$/gm);
  const listed = [...items].map(([, group, count, names]) => [group, Number(count), codeSpans(names)]);
  expect(listed).toEqual([...groups].map(([group, names]) => [group, names.length, names]));
});

it("the primitives are counted in docs/architecture.md", () => {
  expect(readText("docs/architecture.md")).toContain(`The ${Object.keys(PRIMITIVES).length} primitives`);
});

import { fileURLToPath } from "node:url";
import * as prettier from "prettier";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { meaningOf, readOptionDocs } from "../testing/option-docs.ts";
import { describeLayer, type OptionDescription } from "./describe-layer.ts";
import { LAYER_CLASS_NAMES, layerClass } from "./registry.ts";

const DOCS = readOptionDocs();
const DESCRIPTIONS = LAYER_CLASS_NAMES.map(describeLayer);

type Options = Readonly<Record<string, unknown>>;

function make(className: string, options: Options) {
  return layerClass(className)(options as never);
}

/** The message with which options are refused. */
function refusal(className: string, options: Options): string {
  try {
    make(className, options);
  } catch (error) {
    if (error instanceof AuricleError) return error.message;
    throw error;
  }
  throw new Error(`${className} takes ${JSON.stringify(options)}`);
}

/** The options without which there is no layer. */
function needed(options: readonly OptionDescription[]): Options {
  return Object.fromEntries(options.filter(({ required }) => required).map((one) => [one.name, one.example]));
}

/** Values that an option refuses. */
function outside({ type, minimum, maximum }: OptionDescription): unknown[] {
  const beyond = [
    ...(minimum === undefined ? [] : [minimum - 1]),
    ...(maximum === undefined ? [] : [maximum + 1]),
  ];
  switch (type) {
    case "integer":
      return [1.5, "x", ...beyond];
    case "number":
      return [NaN, "x", ...beyond];
    case "lengths":
      return [-1, [1, 2, 3], "x"];
    case "sides":
      return [-1, "x", [[1, 2, 3]]];
    case "axes":
    case "list":
      return ["x", ["x"]];
    case "text":
      return [7];
    case "shape":
      return ["x", [0], []];
    case "boolean":
      return [1, "yes"];
    default:
      return [7];
  }
}

describe("describeLayer", () => {
  it.each(DESCRIPTIONS)(
    "describes each option that $factory takes, and no other",
    ({ className, options }) => {
      const message = refusal(className, { ...needed(options), "not an option": 1 });
      const [, names] = /options are (.*); got/.exec(message) ?? [];
      expect(options.map(({ name }) => name).sort()).toEqual(names.split(", ").sort());
    },
  );

  it.each(DESCRIPTIONS)("has the defaults of $factory", ({ className, options }) => {
    const given = needed(options);
    const plain = make(className, given).config;
    const defaults = options.filter((one) => one.default !== undefined);
    for (const { name, default: value } of defaults) {
      expect(make(className, { ...given, [name]: value }).config, name).toEqual(plain);
    }
    for (const { name, required } of options) {
      if (!required) continue;
      const others = Object.fromEntries(Object.entries(given).filter(([other]) => other !== name));
      expect(refusal(className, others), name).toContain(`${name} must be`);
    }
  });

  it.each(DESCRIPTIONS)("names the range of what $factory refuses", ({ className, factory, options }) => {
    for (const option of options) {
      for (const value of outside(option)) {
        const message = refusal(className, { ...needed(options), [option.name]: value });
        expect(message).toContain(`${factory}: ${option.name}`);
        expect(message).toContain(option.range);
      }
    }
  });

  it("has the meanings that the docstrings give", async () => {
    const meanings = DESCRIPTIONS.map(({ className, factory, options }) => {
      const docs = DOCS(factory);
      return [
        className,
        options.map(({ name }) => [name, meaningOf(docs.get(name) ?? "")] as const),
      ] as const;
    });
    for (const [className, options] of meanings) {
      for (const [name, meaning] of options) expect(meaning, `${className} ${name}`).toMatch(/\S/);
    }
    const config = await prettier.resolveConfig(fileURLToPath(import.meta.url));
    const text = await prettier.format(moduleOf(meanings), { ...config, parser: "typescript" });
    await expect(text).toMatchFileSnapshot("option-meanings.ts");
  });

  it.each(DESCRIPTIONS)("has the defaults that the docstrings of $factory state", ({ factory, options }) => {
    const docs = DOCS(factory);
    for (const { name, default: value, type } of options) {
      const [, stated] = /Default ("[^"]*"|[\w.\-]+?)(?=[.,;:]? |\.$)/.exec(docs.get(name) ?? "") ?? [];
      if (stated === undefined) continue;
      const form = type === "lengths" && Array.isArray(value) ? (value as unknown[])[0] : value;
      expect(JSON.parse(stated), name).toEqual(form);
    }
  });

  it("names classes that there are", () => {
    expect(() => describeLayer("Conv3D")).toThrow(/Conv3D/);
    expect(describeLayer("Dropout")).toMatchObject({
      factory: "dropout",
      options: [
        { name: "rate", type: "number", required: true, minimum: 0, example: 0.25 },
        { name: "name" },
        { name: "inputShape" },
        { name: "trainable", default: true },
        { name: "activityRegularizer" },
      ],
    });
  });
});

type Meanings = readonly (readonly [string, readonly (readonly [string, string])[]])[];

/** The file option-meanings.ts: what most layers say of an option, and those that say something else. */
function moduleOf(meanings: Meanings): string {
  const counts = new Map<string, Map<string, number>>();
  for (const [name, meaning] of meanings.flatMap(([, options]) => options)) {
    const texts = counts.get(name) ?? new Map<string, number>();
    counts.set(name, texts.set(meaning, (texts.get(meaning) ?? 0) + 1));
  }
  const usual = new Map(
    [...counts].map(([name, texts]) => [name, [...texts].sort((a, b) => b[1] - a[1])[0][0]] as const),
  );
  const own = meanings.flatMap(([className, options]) => {
    const others = options.filter(([name, meaning]) => usual.get(name) !== meaning);
    return others.length === 0 ? [] : [[className, Object.fromEntries(others)] as const];
  });
  const sorted = [...usual].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    "/**",
    " * @file The meanings of layers' options: their docstrings, from which a test writes this file",
    " * (`npm test -- -u src/nn/layers/describe-layer.test.ts`). Browser-safe.",
    " */",
    "",
    "/** The meaning that an option has in most layers. */",
    `export const OPTION_MEANINGS: Readonly<Record<string, string>> = ${JSON.stringify(Object.fromEntries(sorted))};`,
    "",
    "/** By class: the options that mean something else there. */",
    `export const OWN_MEANINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = ${JSON.stringify(Object.fromEntries(own))};`,
    "",
  ].join("\n");
}

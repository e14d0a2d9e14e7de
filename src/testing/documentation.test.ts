/** @file The pages in docs/ tell the truth: their code runs and prints what they say, and their tables are complete. */
import { inspect } from "node:util";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as auricle from "../index.ts";
import * as data from "../data/index.ts";
import * as layers from "../nn/layers/index.ts";
import { LOSS_NAMES } from "../nn/losses/index.ts";
import * as models from "../models/index.ts";
import * as ops from "../ops/index.ts";
import { codeBlocks, codeSpans, readText, tableRows, type CodeBlock } from "./markdown.ts";

const MODULES: Readonly<Record<string, object>> = {
  auricle,
  "auricle/data": data,
  "auricle/models": models,
  "auricle/ops": ops,
};

function format(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === "string" ? value : inspect(value))).join(" ");
}

/**
 * Runs a page's `ts` blocks as one program. Returns for each block what it printed, by the line of the page where
 * `console.log` stands.
 */
async function runBlocks(blocks: readonly CodeBlock[]): Promise<ReadonlyMap<number, string>[]> {
  const printed = blocks.map(() => new Map<number, string>());
  const source = blocks.map(({ code, line }, block) =>
    code
      .split("\n")
      .map((text, i) => text.replaceAll("console.log(", `print(${block}, ${line + i}, `))
      .join("\n"),
  );
  const { outputText } = ts.transpileModule(source.join("\n"), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const requireModule = (name: string) => MODULES[name] ?? expect.fail(`the page imports ${name}`);
  const print = (block: number, line: number, ...values: readonly unknown[]) => {
    printed[block].set(line, format(values));
  };
  // The constructor of async functions has no name of its own.
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  await new AsyncFunction("require", "exports", "print", outputText)(requireModule, {}, print);
  return printed;
}

function runnable(page: string): CodeBlock[] {
  return codeBlocks(readText(page)).filter(({ language }) => language === "ts");
}

/** Problems that the compiler finds in pages' `ts` blocks, each page being one module of the project. */
function typeErrors(pages: readonly string[]): string[] {
  const root = new URL("../../", import.meta.url).pathname;
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const texts = new Map(
    pages.map((page): [string, string[]] => [`${root}${page}.ts`, runnable(page).map(({ code }) => code)]),
  );
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (path) => texts.get(path)?.join("\n") ?? readFile(path);
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  const program = ts.createProgram([...texts.keys()], { ...options, noUnusedLocals: false }, host);
  return [...texts.keys()]
    .flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const PAGES = ["docs/layers-and-training.md", "docs/operations.md"];

it("the code in the pages has no type errors", () => {
  expect(typeErrors(PAGES)).toEqual([]);
});

describe.each(PAGES)("the code in %s", (page) => {
  const all = codeBlocks(readText(page));
  const blocks = runnable(page);

  it("runs from top to bottom and prints what the page says", async () => {
    const printed = await runBlocks(blocks);
    const said: string[] = [];
    const actual: string[] = [];
    blocks.forEach((block, i) => {
      block.code.split("\n").forEach((text, offset) => {
        const comment = /console\.log\(.*\); \/\/ (.*)$/.exec(text)?.[1];
        if (comment === undefined) return;
        said.push(comment);
        actual.push(printed[i].get(block.line + offset) ?? "nothing");
      });
      // A block of text directly behind it is all that the code prints.
      const next = all[all.findIndex(({ line }) => line === block.line) + 1];
      const end = block.line + block.code.split("\n").length;
      if (next?.language !== "text" || next.line !== end + 3) return;
      said.push(next.code);
      actual.push([...printed[i].values()].join("\n"));
    });
    expect(actual).toEqual(said);
  });
});

/** Options that a layer must be given, with values that suit it. */
const REQUIRED: Readonly<Record<string, unknown>> = {
  activation: "relu",
  centers: [[1, -1]],
  connections: [[0], [0, 1]],
  cropping: 1,
  dims: [2, 1],
  filters: 4,
  kernelSize: 3,
  rate: 0.5,
  scale: 2,
  targetShape: [4],
  units: 4,
};

/** `strides = 1` as ["strides", 1], `filters` as ["filters", undefined]. */
function readOption(span: string): readonly [string, unknown] {
  const [name, value] = span.split(" = ");
  return [name, value === undefined ? undefined : JSON.parse(value)];
}

/** A config's value in the table's words: one number for equal lengths of all axes, an initializer's name. */
function tableForm(value: unknown): unknown {
  if (Array.isArray(value)) {
    const entries = value.map(tableForm);
    return entries.every((entry) => entry === entries[0]) ? entries[0] : value;
  }
  return typeof value === "object" && value !== null && "name" in value ? value.name : value;
}

describe("the tables in docs/layers-and-training.md", () => {
  const page = readText("docs/layers-and-training.md");
  const rows = tableRows(page);
  const section = (title: string) => tableRows(page.split(`\n## ${title}\n`)[1].split("\n## ")[0]);
  const factories = new Map(
    Object.entries<unknown>(layers).filter(
      (entry): entry is [string, (options: unknown) => ReturnType<typeof layers.flatten>] =>
        typeof entry[1] === "function" && !["layerFromConfig", "radialBasisLoss"].includes(entry[0]),
    ),
  );

  it("name every layer", () => {
    const named = section("Layers").flatMap(([cell]) => codeSpans(cell));
    expect([...named].sort()).toEqual([...factories.keys()].sort());
  });

  it.each(section("Layers").filter(([cell]) => cell.startsWith("`")))(
    "have the options and defaults of %s",
    (cell, _shapes, text) => {
      const options = codeSpans(text).map(readOption);
      const make = factories.get(codeSpans(cell)[0]);
      const given = options.flatMap(([name, value]) => (value === undefined ? [[name, REQUIRED[name]]] : []));
      const config = { ...make?.(Object.fromEntries(given)).config };
      delete config.trainable;
      expect(Object.keys(config).sort()).toEqual(options.map(([name]) => name).sort());
      for (const [name, value] of options) {
        if (value !== undefined) expect(tableForm(config[name]), name).toBe(value);
      }
    },
  );

  it("have the options and defaults of every optimizer", () => {
    const optimizers = section("Optimizers").filter(([cell]) => cell.startsWith("`"));
    expect(optimizers.map(([cell]) => codeSpans(cell)[0])).toEqual(auricle.OPTIMIZER_NAMES);
    for (const [cell, text] of optimizers) {
      const make = auricle.optimizerOf;
      const name = auricle.OPTIMIZER_NAMES.find((one) => one === codeSpans(cell)[0]);
      const { clipValue, clipNorm, ...config } = name ? make(name).config : {};
      expect([clipValue, clipNorm]).toEqual([undefined, undefined]);
      expect(Object.fromEntries(codeSpans(text).map(readOption))).toEqual(config);
    }
  });

  it("name every loss, schedule and callback", () => {
    const losses = section("Losses").filter(([cell]) => cell.startsWith("`"));
    expect(losses.flatMap((cells) => codeSpans(cells[0] + cells[3])).sort()).toEqual([...LOSS_NAMES].sort());
    const named = rows.map(([cell]) => codeSpans(cell)[0]);
    expect(named).toEqual(expect.arrayContaining([...auricle.SCHEDULE_NAMES]));
  });

  it("and the text name every activation, initializer and model", () => {
    const names = [...layers.ACTIVATION_NAMES, ...auricle.initializers.INITIALIZER_NAMES];
    expect(names.filter((name) => !page.includes(`"${name}"`))).toEqual([]);
    const networks = ["lenet5", "lenet5Of1998", "notebook", "vgg4", "wave1d", "fashionCnn"];
    expect(networks.length).toBe(models.MODEL_NAMES.length);
    expect(networks.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

it("docs/operations.md has every operation in its tables, and nothing else", () => {
  const named = tableRows(readText("docs/operations.md"))
    .filter(([cell]) => cell.startsWith("`"))
    .map(([cell]) => codeSpans(cell)[0].replace(/\(.*$/, ""));
  const exported = Object.entries<unknown>(ops).flatMap(([name, value]) =>
    typeof value === "function" && !name.endsWith("Primitive") ? [name] : [],
  );
  expect([...named].sort()).toEqual(exported.sort());
});

it("docs/numerics.md names tests that exist", () => {
  const page = readText("docs/numerics.md").replaceAll("\\|", "|").replace(/\s+/g, " ");
  const pinned = [...page.matchAll(/`(src\/[^`]+\.test\.ts)`((?:,? “[^”]+”)*)/g)];
  expect(pinned.length).toBeGreaterThan(20);
  for (const [, path, titles] of pinned) {
    const text = readText(path);
    for (const [, title] of titles.matchAll(/“([^”]+)”/g)) {
      expect(text.includes(title), `${path} has “${title}”`).toBe(true);
    }
  }
});

/** @file The pages in docs/ tell the truth: their code runs and prints what they say, and their tables are complete. */
import * as fileSystem from "node:fs/promises";
import * as os from "node:os";
import * as pathNames from "node:path";
import { inspect } from "node:util";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { frontEndConfig, FRONT_END_PRESETS, type FrontEndOptions } from "../audio/front-end/index.ts";
import * as audio from "../audio/index.ts";
import { SOUND_WORDS } from "../data/collection/words.ts";
import * as audioFiles from "../audio/node.ts";
import * as audioModel from "../audio-model/index.ts";
import * as explain from "../explain/index.ts";
import * as auricle from "../index.ts";
import * as data from "../data/index.ts";
import * as layers from "../nn/layers/index.ts";
import { LOSS_NAMES } from "../nn/losses/index.ts";
import { METRIC_NAMES } from "../nn/training/model-metrics.ts";
import * as models from "../models/index.ts";
import * as node from "../node.ts";
import * as ops from "../ops/index.ts";
import { newConfig } from "../runs/sound/new-config.ts";
import { defaultEpochs, defaultWindowsPerClip } from "../runs/options/recipes.ts";
import * as session from "../session/index.ts";
import { sizeOf } from "../tensor/shape.ts";
import { codeBlocks, codeSpans, readText, tableRows, type CodeBlock } from "./markdown.ts";

const MODULES: Readonly<Record<string, object>> = {
  "node:fs/promises": fileSystem,
  "node:os": os,
  "node:path": pathNames,
  auricle,
  "auricle/audio": audio,
  "auricle/audio/node": audioFiles,
  "auricle/audio-model": audioModel,
  "auricle/data": data,
  "auricle/explain": explain,
  "auricle/models": models,
  "auricle/node": node,
  "auricle/ops": ops,
  "auricle/session": session,
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

const PAGES = [
  "docs/data.md",
  "docs/layers-and-training.md",
  "docs/operations.md",
  "docs/sound.md",
  "docs/explanations.md",
];

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

it.each(["docs/data.md", "docs/sound.md", "docs/session.md"])(
  "code in %s that is not run imports what there is",
  (page) => {
    const imports = codeBlocks(readText(page))
      .filter(({ language }) => language === "js")
      .flatMap(({ code }) => [...code.matchAll(/^import \{([^}]+)\} from "(auricle[^"]*)";$/gm)]);
    const missing = imports.flatMap(([, names, from]) =>
      names
        .split(",")
        .map((name) => name.trim())
        .filter((name) => !(name in MODULES[from])),
    );
    expect(missing).toEqual([]);
  },
);

/** Options that a layer must be given, with values that suit it. */
const REQUIRED: Readonly<Record<string, unknown>> = {
  activation: "relu",
  centers: [[1, -1]],
  connections: [[0], [0, 1]],
  cropping: 1,
  dims: [2, 1],
  filters: 4,
  frontEnd: { kind: "melSpectrogram" },
  height: 4,
  kernelSize: 3,
  output: 1,
  rate: 0.5,
  scale: 2,
  stddev: 0.1,
  steps: [{ operation: "Relu", attributes: {}, inputs: [0] }],
  targetShape: [4],
  units: 4,
  width: 4,
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
    return entries.length > 0 && entries.every((entry) => entry === entries[0]) ? entries[0] : value;
  }
  return typeof value === "object" && value !== null && "name" in value ? value.name : value;
}

function functionNames(module: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(module).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
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

  it("and the README count the layers", () => {
    expect(readText("README.md")).toContain(`; ${factories.size} layers;`);
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
        if (value !== undefined) expect(tableForm(config[name]), name).toEqual(value);
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

  it("name every metric", () => {
    const named = section("Metrics").flatMap(([, name, metric]) => codeSpans(name + metric));
    expect(named.map((span) => span.replace(/\(.*$/, "")).sort()).toEqual(
      functionNames(auricle.metrics).sort(),
    );
    expect(METRIC_NAMES.filter((name) => !page.includes(`"${name}"`))).toEqual([]);
  });

  it("and the text name every activation, initializer and model", () => {
    const names = [...layers.ACTIVATION_NAMES, ...auricle.initializers.INITIALIZER_NAMES];
    expect(names.filter((name) => !page.includes(`"${name}"`))).toEqual([]);
    const networks = functionNames(models).filter(
      (name) => !["modelNamed", "isAudioModelName", "isOtherModelName", "radialBasisLoss"].includes(name),
    );
    expect(networks.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("the tables in docs/sound.md", () => {
  const page = readText("docs/sound.md");
  const section = (title: string) =>
    tableRows(page.split(new RegExp(`\n##+ ${title}\n`))[1].split(/\n##+ /)[0]).slice(2);
  const kinds = [
    "waveform",
    "spectrogram",
    "complexSpectrogram",
    "melSpectrogram",
    "mfcc",
    "constantQ",
  ] as const;

  it("have every kind of front end with its options and defaults", () => {
    const rows = section("Front ends");
    expect(rows.slice(0, kinds.length).map(([cell]) => codeSpans(cell)[0])).toEqual(kinds);
    const named: Record<string, string[]> = {};
    let of: string[] = [];
    for (const [cell, value] of rows.slice(kinds.length + 2)) {
      if (cell.startsWith("**")) of = codeSpans(cell);
      else {
        const [option] = codeSpans(cell);
        const [written] = codeSpans(value);
        for (const kind of of) {
          (named[kind] ??= []).push(option);
          const config: Record<string, unknown> = { ...frontEndConfig({ kind } as FrontEndOptions) };
          if (written !== undefined) expect(config[option], `${kind} ${option}`).toEqual(JSON.parse(written));
        }
      }
    }
    for (const kind of kinds) {
      const options = Object.keys(frontEndConfig({ kind })).filter((name) => name !== "kind");
      expect(named[kind].sort(), kind).toEqual(options.sort());
    }
  });

  it("have every preset", () => {
    const named = section("Presets").map(([cell]) => codeSpans(cell)[0]);
    expect(named).toEqual(Object.keys(FRONT_END_PRESETS));
  });

  it("have every model with its parameters, window and normalisation", () => {
    const actual = models.AUDIO_MODEL_NAMES.map((name) => {
      const { build, windowSeconds, normalizeByTraining } = models.AUDIO_MODELS[name];
      const network = build({});
      const parameters = network.weights
        .filter(({ trainable }) => trainable)
        .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      const isByExample = network.layers.some(({ layer }) => layer.className === "ExampleNormalization");
      const normalization = normalizeByTraining ? "training set" : isByExample ? "example" : "none";
      return [name, parameters.toLocaleString("en"), `${windowSeconds.toFixed(2)} s`, normalization];
    });
    const written = section("Models").map(([name, parameters, window, , normalization]) => [
      codeSpans(name)[0],
      parameters,
      window,
      normalization,
    ]);
    expect(written).toEqual(actual);
  });

  it("have the defaults of a training", () => {
    const frontEnd = frontEndConfig(FRONT_END_PRESETS["librosa-log-mel"]);
    const config = newConfig(
      { data: "styles" },
      {
        name: "",
        folder: "",
        task: "classification",
        classNames: ["a", "b"],
        words: SOUND_WORDS,
        examples: [],
        clips: [],
        problems: [],
      },
      {
        model: "mel-cnn",
        frontEnd,
        windowFrames: 129,
        stepShape: [128, 1],
        split: {
          fractions: [0.85, 0.1, 0.05],
          official: true,
          fold: null,
          seed: 0,
          force: false,
          duplicates: true,
          trainSize: null,
        },
        clips: 100,
      },
    );
    const { optimizer, weightDecay, schedule, learningRate, batchSize, labelSmoothing, balance, patience } =
      config;
    const defaults = [
      optimizer,
      weightDecay,
      schedule,
      learningRate,
      batchSize,
      labelSmoothing,
      balance,
      patience,
    ];
    const written = section("Training").flatMap(([, value]) => codeSpans(value));
    expect(written).toEqual(expect.arrayContaining(defaults.map(String)));
  });

  it("have the length of a training", () => {
    const numbers = section("Training").filter(([cell]) => /^[\d,]+$/.test(cell));
    expect(numbers.length).toBeGreaterThan(4);
    for (const row of numbers) {
      const [clips, windows, epochs] = row.map((cell) => Number(cell.replaceAll(",", "")));
      expect([windows, epochs]).toEqual([defaultWindowsPerClip(clips), defaultEpochs(clips)]);
    }
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

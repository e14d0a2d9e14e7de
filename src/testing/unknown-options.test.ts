/**
 * @file Finds every public function that takes an object of options, by the compiler's own account of what is exported, and
 * gives each an option that there is not.
 */
import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as audioModel from "../audio-model/index.ts";
import * as audio from "../audio/index.ts";
import * as audioNode from "../audio/node.ts";
import * as data from "../data/index.ts";
import { AuricleError } from "../errors.ts";
import * as explain from "../explain/index.ts";
import * as formats from "../formats/index.ts";
import * as image from "../image/index.ts";
import * as auricle from "../index.ts";
import * as models from "../models/index.ts";
import { linearModel } from "../nn/testing/small-models.ts";
import * as node from "../node.ts";
import * as onnx from "../onnx/index.ts";
import * as ops from "../ops/index.ts";

type Module = Readonly<Record<string, unknown>>;

const ENTRIES: Readonly<Record<string, { readonly file: string; readonly module: Module }>> = {
  index: { file: "src/index.ts", module: auricle },
  ops: { file: "src/ops/index.ts", module: ops },
  models: { file: "src/models/index.ts", module: models },
  data: { file: "src/data/index.ts", module: data },
  audio: { file: "src/audio/index.ts", module: audio },
  "audio/node": { file: "src/audio/node.ts", module: audioNode },
  "audio-model": { file: "src/audio-model/index.ts", module: audioModel },
  explain: { file: "src/explain/index.ts", module: explain },
  formats: { file: "src/formats/index.ts", module: formats },
  image: { file: "src/image/index.ts", module: image },
  onnx: { file: "src/onnx/index.ts", module: onnx },
  node: { file: "src/node.ts", module: node },
};

/** Objects whose methods are looked at. */
function instances(): Readonly<Record<string, Module>> {
  const model = linearModel();
  model.compile({ optimizer: "sgd", loss: "mse" });
  return {
    Model: methodsOf(model),
    InferenceModel: methodsOf(model),
    Network: methodsOf(model.network),
    InferenceNetwork: methodsOf(model.network),
  };
}

/** The methods of an object's class and of those that it extends. */
function methodsOf(object: object): Module {
  const methods: Record<string, unknown> = {};
  for (let owner = parentOf(object); owner && owner !== Object.prototype; owner = parentOf(owner)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (typeof value === "function") methods[name] ??= value.bind(object);
    }
  }
  return methods;
}

function parentOf(object: object): object | null {
  return Object.getPrototypeOf(object) as object | null;
}

/** Functions that accept more options than they name, on purpose. */
const TAKE_MORE: Readonly<Record<string, string>> = {
  "audio melFilterBank": "a mel front end's whole config",
};

const NUMBERS = { shape: [1, 1, 1], data: new Float32Array(1) };

/** Arguments that a function looks at before its options; those of all others are left out. */
const BEFORE: Readonly<Record<string, readonly unknown[]>> = {
  "index Model#fit": [NUMBERS, NUMBERS],
  "index Model#evaluate": [NUMBERS, NUMBERS],
  "audio-model new AudioModel": [linearModel(), "a model"],
  "index model": [{ inputs: NUMBERS, outputs: NUMBERS }],
  "models modelNamed": ["lenet5"],
  "ops alphaDropout": [NUMBERS],
  "ops dropout": [NUMBERS],
  "ops spatialDropout": [NUMBERS],
};

/** Options that are looked at before names are. */
const WITH: Readonly<Record<string, object>> = {
  "audio frontEnd": { kind: "melSpectrogram" },
  "audio frontEndConfig": { kind: "melSpectrogram" },
};

interface Found {
  /** "ops conv2d", "index initializers.zeros", "index Model#fit", "index new Model". */
  readonly name: string;
  /** Which parameter the options are. */
  readonly index: number;
}

/** Every public function with options. A method that can be called in several ways is there with its last options. */
function functionsWithOptions(): Found[] {
  const config = ts.readConfigFile("tsconfig.json", (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ".");
  const program = ts.createProgram(
    Object.values(ENTRIES).map(({ file }) => file),
    options,
  );
  const checker = program.getTypeChecker();
  const found = new Map<string, Found>();

  const isOptions = (type: ts.Type): boolean => {
    const parts = type.isUnion() ? type.types : [type];
    return parts.some(
      (part) =>
        /Options$|^__type$/.test((part.aliasSymbol ?? part.symbol)?.name ?? "") &&
        part.getCallSignatures().length === 0 &&
        !checker.isArrayLikeType(part),
    );
  };
  const look = (name: string, signatures: readonly ts.Signature[], at: ts.Node) => {
    for (const { parameters } of signatures) {
      parameters.forEach((parameter, index) => {
        if (isOptions(checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, at)))) {
          if ((found.get(name)?.index ?? -1) < index) found.set(name, { name, index });
        }
      });
    }
  };
  const visit = (symbol: ts.Symbol, prefix: string): void => {
    const one = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (one.flags & ts.SymbolFlags.ValueModule) {
      checker.getExportsOfModule(one).forEach((inner) => visit(inner, `${prefix}${symbol.name}.`));
      return;
    }
    const at = one.valueDeclaration;
    if (!at) return;
    const type = checker.getTypeOfSymbolAtLocation(one, at);
    look(prefix + symbol.name, type.getCallSignatures(), at);
    if (!(one.flags & ts.SymbolFlags.Class) || one.name === "AuricleError") return;
    look(`${prefix}new ${symbol.name}`, type.getConstructSignatures(), at);
    for (const member of checker.getDeclaredTypeOfSymbol(one).getProperties()) {
      const declaration = member.valueDeclaration;
      if (!declaration || ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) continue;
      look(
        `${prefix}${symbol.name}#${member.name}`,
        checker.getTypeOfSymbolAtLocation(member, at).getCallSignatures(),
        at,
      );
    }
  };
  for (const [entry, { file }] of Object.entries(ENTRIES)) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (module) checker.getExportsOfModule(module).forEach((symbol) => visit(symbol, `${entry} `));
  }
  return [...found.values()];
}

type Call = (...args: readonly unknown[]) => unknown;

function callOf(found: string): Call | undefined {
  const [entry, ...words] = found.split(" ");
  const { module } = ENTRIES[entry];
  const [owner, method] = words[words.length - 1].split(/[#.]/);
  const value = found.includes("#") ? instances()[owner]?.[method] : memberOf(module, owner, method);
  if (typeof value !== "function") return undefined;
  if (words[0] === "new") return (...args) => Reflect.construct(value, args) as unknown;
  return (...args) => Reflect.apply(value, undefined, args) as unknown;
}

function memberOf(module: Module, name: string, inner: string | undefined): unknown {
  const value = module[name];
  if (inner === undefined) return value;
  return typeof value === "object" && value !== null ? (value as Module)[inner] : undefined;
}

async function failureOf(call: Call, args: readonly unknown[]): Promise<unknown> {
  try {
    await call(...args);
  } catch (error) {
    return error;
  }
  return undefined;
}

const FOUND = functionsWithOptions();

describe("an option that there is not", () => {
  it("is looked for in all parts of the library", () => {
    const names = FOUND.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(150);
    const some = [
      ..."sgd dense cosineDecay earlyStopping compile sequential model"
        .split(" ")
        .map((name) => `index ${name}`),
      ..."initializers.heNormal losses.huber metrics.accuracyMetric"
        .split(" ")
        .map((name) => `index ${name}`),
      ..."Model#fit Model#predict".split(" ").map((name) => `index ${name}`),
      "ops maxPool2d",
      "ops conv2d",
      "models melCnn",
      "data windowDataset",
      "data digitsDataset",
      "audio encodeWav",
      "audio frontEnd",
      "audio/node readAudioFile",
      "node saveModel",
    ];
    expect(names).toEqual(expect.arrayContaining(some));
  });

  it.each(FOUND.filter(({ name }) => !Object.hasOwn(TAKE_MORE, name)))(
    "is refused by $name",
    async ({ name, index }) => {
      const call = callOf(name);
      expect(call, `the test must find ${name}`).toBeDefined();
      if (!call) return;
      const before = Array.from({ length: index }, (_, i) => BEFORE[name]?.[i]);
      const failure = await failureOf(call, [...before, { ...WITH[name], noSuchOption: 1 }]);
      expect(failure).toBeInstanceOf(AuricleError);
      expect(String(failure)).toContain('got "noSuchOption"');
    },
  );
});

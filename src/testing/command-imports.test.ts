/** @file The commands work through the session: below it they import types, tables and drawings alone. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const commands = new URL("../cli/commands/", import.meta.url).pathname;

/** Modules below the session of which everything is a table, a form of words or a drawing, and what may be taken of others. */
const PRESENTATION: Readonly<Record<string, "all" | readonly string[]>> = {
  "errors.ts": "all",
  "options.ts": "all",
  "tensor/shape.ts": "all",
  // Pages and pictures of what a session gave.
  "report/index.ts": "all",
  // Files that a command reads or writes for its user.
  "io/atomic-file.ts": ["readFileBytes", "writeFileAtomic"],
  // The names of models, for messages.
  "models/index.ts": ["isAudioModelName", "MODEL_NAMES"],
  "pretrained/catalogue.ts": ["DEFAULT_PITCH", "DEFAULT_TAGGER", "isPretrainedName"],
  // The reading of a prediction whose outputs are pitches.
  "audio-model/index.ts": ["pitchFrequencies", "pitchOf"],
  "runs/index.ts": [
    // The table of training options, from which flags and their help are made, and recipe files as text.
    ...["appliesTo", "OPTION_GROUPS", "OPTION_NAMES", "recipeFor", "rowOf", "wordsOf"],
    ...["contradictionsIn", "formatRecipeFile", "readRecipeFile", "SCHEMA_PLACE", "withAbsolutePaths"],
    // Names and words.
    ...["isNetworkFile", "modelTitle", "METHODS_BY_KEY", "quoted", "REPORT_NAME"],
    // Forms of a session's plain results.
    ...["drawExplanation", "figuresOf", "storedResults", "tagsOf"],
  ],
};

/** Commands about what no session has. */
const OTHERS: Readonly<Record<string, string>> = {
  "cache.ts": "what features take on this machine, for all its programs",
  "data.ts": "the list of known data sets and their files",
  "export.ts": "files for other programs: in a session they would be part of every page that has one",
  "export-keras.ts": "files of Keras and TensorFlow.js, likewise",
  "export-pytorch.ts": "a module of PyTorch, likewise",
  "export-web.ts": "a page with a model in it, likewise",
  "import.ts": "files of other programs, likewise",
  "models.ts": "built-in networks, as tables and files",
  "pretrained.ts": "the list of published networks and their files",
  "sweep.ts": "many trainings, each of them a session, in processes of their own, which a page has not",
  "summary.ts": "networks that need not be trained, as tables",
};

interface Import {
  readonly module: string;
  readonly name: string;
}

/** The values that a source imports from outside the command, without types. */
function importedValues(source: string): Import[] {
  const { statements } = ts.createSourceFile("command.ts", source, ts.ScriptTarget.Latest);
  return statements.flatMap((statement): Import[] => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const [, module] = /^\.\.\/\.\.\/(.*)$/.exec(statement.moduleSpecifier.text) ?? [];
    const { importClause: clause } = statement;
    if (module === undefined || clause?.isTypeOnly) return [];
    const { namedBindings } = clause ?? {};
    if (!namedBindings || !ts.isNamedImports(namedBindings)) return [{ module, name: "*" }];
    return namedBindings.elements
      .filter(({ isTypeOnly }) => !isTypeOnly)
      .map(({ name, propertyName }) => ({ module, name: (propertyName ?? name).text }));
  });
}

function isAllowed({ module, name }: Import): boolean {
  if (module.startsWith("session/")) return true;
  const allowed = PRESENTATION[module];
  return allowed === "all" || allowed?.includes(name) === true;
}

const files = readdirSync(commands).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
const importsOf = (file: string) => importedValues(readFileSync(join(commands, file), "utf8"));

it.each(files.filter((file) => !(file in OTHERS)))("%s computes through the session alone", (file) => {
  expect(importsOf(file).filter((one) => !isAllowed(one))).toEqual([]);
});

it("no exception is left that nothing needs", () => {
  const taken = files.flatMap(importsOf);
  const unneeded = Object.entries(PRESENTATION).flatMap(([module, names]) => {
    const own = taken.filter((one) => one.module === module);
    if (names === "all") return own.length > 0 ? [] : [module];
    return names.filter((name) => own.every((one) => one.name !== name)).map((name) => `${module} ${name}`);
  });
  expect(unneeded).toEqual([]);
  const quiet = Object.keys(OTHERS).filter((file) => importsOf(file).every(isAllowed));
  expect(quiet).toEqual([]);
});

it("values are told from types, under whichever name and from wherever", () => {
  const source = `
    import type { A } from "../../runs/index.ts";
    import { type B, startRun as begin } from "../../runs/index.ts";
    import * as data from "../../data/index.ts";
    import "../../nn/index.ts";
    import { printable } from "../text.ts";`;
  const found = importedValues(source);
  expect(found).toEqual([
    { module: "runs/index.ts", name: "startRun" },
    { module: "data/index.ts", name: "*" },
    { module: "nn/index.ts", name: "*" },
  ]);
  expect(found.filter(isAllowed)).toEqual([]);
});

/** @file A file of training options: what it may hold, and how one is written. Browser-safe. */

import * as z from "zod/mini";
import { AuricleError } from "../../errors.ts";
import { checkedValues } from "./check-values.ts";
import { OPTION_GROUPS } from "./option.ts";
import { DECIDING_NAMES, rowOf, type TrainingValues } from "./training-values.ts";

/** The schema's place in a project that has the package installed. */
export const SCHEMA_PLACE = "./node_modules/auricle/docs/training.schema.json";

const SCHEMA_FIELD = "$schema";

/**
 * Writes the values that a run computes with as the text of a file.
 * @param schema the schema's place, seen from the file; undefined: the file names none
 */
export function formatRecipeFile(values: TrainingValues, schema?: string): string {
  const content = { ...(schema !== undefined && { [SCHEMA_FIELD]: schema }), ...values };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/**
 * Reads the options in the text of a file.
 * @param path the file's name, for messages
 * @throws AuricleError "file" for text that is not JSON, an unknown name, or a value that the option does not take.
 */
export function readRecipeFile(text: string, path: string): TrainingValues {
  const content = parsed(text, path);
  const values = Object.entries(content).filter(([name]) => name !== SCHEMA_FIELD);
  return checkedValues(
    Object.fromEntries(values),
    (problem) => new AuricleError("file", `${path}: ${problem}`),
  );
}

function parsed(text: string, path: string): object {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new AuricleError("file", `${path}: not JSON (${String(cause)})`, { cause });
  }
  if (typeof content === "object" && content !== null && !Array.isArray(content)) return content;
  throw new AuricleError(
    "file",
    `${path}: must hold an object with training options, such as {"epochs": 20}`,
  );
}

/** The JSON Schema of such a file, as docs/training.schema.json holds it. */
export function recipeFileSchema(): object {
  const properties = DECIDING_NAMES.map((name) => {
    const { type, flags, group, appliesTo } = rowOf(name);
    const use = appliesTo === "both" ? "" : ` For ${appliesTo} only.`;
    const [[, help]] = flags;
    const schema = Object.entries(z.toJSONSchema(type.schema, { unrepresentable: "any" }));
    const own = Object.fromEntries(schema.filter(([field]) => field !== SCHEMA_FIELD));
    return [name, { description: `${sentence(help)}${use}`, ...own }, OPTION_GROUPS.indexOf(group)] as const;
  });
  const ordered = [...properties].sort(([, , a], [, , b]) => a - b);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Training options of Auricle",
    description: "The options of auricle train, as --config reads them and --print-config writes them.",
    type: "object",
    additionalProperties: false,
    properties: {
      [SCHEMA_FIELD]: { type: "string" },
      ...Object.fromEntries(ordered.map(([name, schema]) => [name, schema])),
    },
  };
}

function sentence(help: string): string {
  return `${help.charAt(0).toUpperCase()}${help.slice(1)}.`;
}

/**
 * @file Golden values for tests, made by other tools: reads tools/oracle/fixtures/*.json (format and
 * conventions in tools/oracle/README.md). For Node.js and tests alone.
 */
import { readFileSync, readdirSync } from "node:fs";
import { z } from "zod";
import { AuricleError } from "../errors.ts";
import { floatArray, intArray, type NumericArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";

const FOLDER = new URL("../../tools/oracle/fixtures/", import.meta.url);

/** An array as it stands in the file: little-endian numbers of four bytes each, row-major, in base64. */
const arraySchema = z
  .strictObject({
    shape: z.array(z.int().positive()),
    dtype: z.enum(["float32", "int32"]),
    base64: z.base64(),
  })
  .transform(({ shape, dtype, base64 }, context): NumericArray => {
    const bytes = Buffer.from(base64, "base64");
    if (bytes.length !== sizeOf(shape) * 4) {
      const message = `shape [${shape.join(",")}] needs ${sizeOf(shape) * 4} bytes; got ${bytes.length}`;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }
    const numbers = Array.from({ length: bytes.length / 4 }, (_, i) =>
      dtype === "int32" ? bytes.readInt32LE(i * 4) : bytes.readFloatLE(i * 4),
    );
    return dtype === "int32" ? intArray(numbers, shape) : floatArray(numbers, shape);
  });

const caseSchema = z.strictObject({
  name: z.string(),
  op: z.string(),
  params: z.record(z.string(), z.unknown()),
  inputs: z.array(arraySchema),
  output: arraySchema,
  outputGradient: arraySchema.optional(),
  inputGradients: z.array(arraySchema.nullable()).optional(),
  auxiliaryOutputs: z.record(z.string(), arraySchema).optional(),
});

const fixtureSchema = z.strictObject({
  tool: z.string(),
  command: z.string(),
  cases: z.array(caseSchema),
});

/**
 * One golden case: `output = op(params, inputs)`. Where `outputGradient` is given, `inputGradients[i]` is the
 * gradient of sum(output · outputGradient) with respect to input i, or null for an input that has none
 * (labels, weights).
 */
export type FixtureCase = z.output<typeof caseSchema>;

/** A fixture file: which tool made it, with which command, and the cases. */
export type Fixture = z.output<typeof fixtureSchema>;

/** The names that {@link loadFixture} takes. */
export function fixtureNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

/**
 * Reads tools/oracle/fixtures/`name`.json.
 * @throws AuricleError "file" when there is none of that name, or its content is malformed.
 */
export function loadFixture(name: string): Fixture {
  const file = `${name}.json`;
  let text: string;
  try {
    text = readFileSync(new URL(file, FOLDER), "utf8");
  } catch (cause) {
    const known = fixtureNames().join(", ");
    throw new AuricleError("file", `loadFixture: no fixture "${name}"; there are: ${known}`, { cause });
  }
  return parseFixture(text, file);
}

/**
 * The content of a fixture file; `file` is its name in error messages.
 * @throws AuricleError "file" when the text is not as tools/oracle/README.md describes it.
 */
export function parseFixture(text: string, file: string): Fixture {
  const parsed = fixtureSchema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new AuricleError("file", `loadFixture: ${file} is malformed: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

/**
 * The cases of one operation.
 * @throws AuricleError "file" when there are none, so that a misspelt name cannot pass as a test of nothing.
 */
export function fixtureCases(name: string, op: string): FixtureCase[] {
  const cases = loadFixture(name).cases.filter((fixtureCase) => fixtureCase.op === op);
  if (cases.length === 0) throw new AuricleError("file", `fixtureCases: ${name}.json has no case of "${op}"`);
  return cases;
}

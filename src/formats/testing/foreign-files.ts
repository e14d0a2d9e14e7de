/** @file Files that other programs wrote: reads tools/oracle/files/*.json. For Node.js and tests alone. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const FOLDER = new URL("../../../tools/oracle/files/", import.meta.url);

/** The content of a file, in base64. */
export const content = z.base64().transform((text) => new Uint8Array(Buffer.from(text, "base64")));

/** Reads tools/oracle/files/`name`.json, whose fields besides `tool` and `command` are as given. */
export function readForeignFiles<S extends z.ZodRawShape>(name: string, fields: S) {
  const schema = z.object({ tool: z.string(), command: z.string() }).extend(fields);
  return schema.parse(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")));
}

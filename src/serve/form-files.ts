/** @file The files of a form, `multipart/form-data`. */

import { RequestProblem } from "./problem.ts";

export interface SentFile {
  /** Shown to people, never a path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const LONGEST_NAME = 200;

/**
 * Reads a form that has arrived as a whole, by the parser that Node.js has for `fetch`.
 * @param type the header Content-Type, with the boundary
 * @throws RequestProblem for what is no form, and for one without files or with too many
 */
export async function filesOfForm(
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
  most: number,
): Promise<SentFile[]> {
  const form = await new Response(bytes, { headers: { "content-type": type } }).formData().catch(() => {
    throw new RequestProblem("bad-request", "the body is not a form of the boundary that Content-Type says");
  });
  const files = [...form.values()].filter((value) => typeof value !== "string");
  if (files.length === 0) {
    throw new RequestProblem(
      "bad-request",
      "the form has no file: send one or more, as curl -F file=@song.mp3 does",
    );
  }
  if (files.length > most) {
    throw new RequestProblem(
      "too-large",
      `the form has ${files.length} files; at most ${most} are taken at a time`,
    );
  }
  return Promise.all(
    files.map(async (file, i) => ({
      name: shownName(file.name) || `file ${i + 1}`,
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  );
}

/** The last part of a name, without control characters. */
export function shownName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  return last.replace(/\p{C}/gu, "").slice(0, LONGEST_NAME);
}

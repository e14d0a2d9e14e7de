/** @file The files of a form, `multipart/form-data`. Node only. */

import { RequestProblem } from "./problem.ts";

export interface SentFile {
  /** Shown to people, never a path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const LONGEST_NAME = 200;

/** Fields beside the files, which are not read. */
const MOST_FIELDS = 100;

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
  // The parser takes minutes for a form of a million parts.
  const parts = partsOf(bytes, type, most + MOST_FIELDS);
  if (parts > most + MOST_FIELDS)
    throw new RequestProblem("too-large", `the form has more than ${most + MOST_FIELDS} parts`);
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

/** Counts the parts of a form, and no more than one too many. */
function partsOf(bytes: Uint8Array<ArrayBuffer>, type: string, most: number): number {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type) ?? [];
  const boundary = `--${quoted ?? plain}`;
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let parts = 0;
  for (let at = content.indexOf(boundary); at >= 0; at = content.indexOf(boundary, at + boundary.length)) {
    // The last boundary has two more hyphens, and begins no part.
    if (content.toString("latin1", at + boundary.length, at + boundary.length + 2) !== "--") parts++;
    if (parts > most) break;
  }
  return parts;
}

/** The last part of a name, without control characters. */
export function shownName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  return last.replace(/\p{C}/gu, "").slice(0, LONGEST_NAME);
}

/** @file Bytes in the forms that browsers and Node.js give them in. Browser-safe. */
import { AuricleError } from "../errors.ts";

/** The content of a file: what `readFile`, `response.arrayBuffer()` and `file.arrayBuffer()` give. */
export type Bytes = Uint8Array | ArrayBufferLike;

/**
 * The same bytes as a Uint8Array, without a copy.
 * @param what it is the content of, for the message
 * @throws AuricleError "argument" for anything else, such as a Response, a File or a promise.
 */
export function bytesOf(content: Bytes, what: string): Uint8Array {
  // By its kind and not its constructor: a frame or a test environment has constructors of its own.
  const kind = Object.prototype.toString.call(content).slice("[object ".length, -1);
  if (ArrayBuffer.isView(content)) {
    return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  }
  if (kind === "ArrayBuffer" || kind === "SharedArrayBuffer") return new Uint8Array(content);
  const hint =
    kind === "Promise"
      ? "; await it"
      : ["Blob", "File", "Response"].includes(kind)
        ? "; give await x.arrayBuffer()"
        : "";
  throw new AuricleError("argument", `${what}: must be a Uint8Array or an ArrayBuffer; got ${kind}${hint}`);
}

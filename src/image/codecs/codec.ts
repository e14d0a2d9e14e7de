/**
 * @file Decoders in WebAssembly: libjpeg-turbo and libwebp as the packages @cwasm/jpeg-turbo and @cwasm/webp have compiled
 * them. Only the compiled code of the packages is used; their scripts are for Node.js alone. Browser-safe.
 */

import { codecBytes } from "#codecs";
import { AuricleError } from "../../errors.ts";
import { damaged } from "../image-error.ts";
import type { ImageSource } from "../image.ts";

export type CodecName = "jpeg" | "webp";

/** A decoder's function: addresses and numbers go in, and one comes out. */
type Call = (...values: number[]) => number;

const SHARED = ["malloc", "free"] as const;
const FUNCTIONS = {
  jpeg: ["tjInitDecompress", "tjDecompress2", "tjDestroy"],
  webp: ["WebPDecodeRGBA"],
} as const satisfies Record<CodecName, readonly string[]>;

type Calls<Name extends CodecName> = Readonly<
  Record<(typeof SHARED)[number], Call> & Record<(typeof FUNCTIONS)[Name][number], Call>
>;

export interface CodecSession<Name extends CodecName> {
  readonly calls: Calls<Name>;
  /** The decoder's memory as it is now: a call may move it. */
  memory(): Uint8Array;
  /** Memory that is given back after the session. */
  allocate(bytes: number): number;
}

export interface Codec<Name extends CodecName> {
  /**
   * Uses the decoder. One that failed may have spoilt its memory, and is not used again; that of WebP never is.
   * @throws AuricleError "file" where it fails.
   */
  run<Result>(source: ImageSource, what: string, use: (session: CodecSession<Name>) => Result): Result;
}

/** A decoder whose memory a large picture has made larger than this is let go: memory never shrinks. */
const KEPT_BYTES = 2 ** 26;
/**
 * The package has libwebp 1.1.0, which a crafted file can make write beyond a table (CVE-2023-4863, corrected in 1.3.2). It reaches
 * no further than the decoder's own memory, and with a memory for each picture it spoils no other picture. It takes 0.1 ms.
 */
const REUSED: Readonly<Record<CodecName, boolean>> = { jpeg: true, webp: false };
/** WASI's number for a function that there is none of. */
const NOT_IMPLEMENTED = 52;

const modules = new Map<CodecName, Promise<WebAssembly.Module>>();
const idle = new Map<CodecName, WebAssembly.Instance>();

/** The decoder, compiled the first time it is asked for. */
export async function loadCodec<Name extends CodecName>(name: Name): Promise<Codec<Name>> {
  let module = modules.get(name);
  if (!module) {
    module = codecBytes(name).then((bytes) => WebAssembly.compile(bytes));
    modules.set(name, module);
    module.catch(() => modules.delete(name));
  }
  const instance = idle.get(name) ?? (await instantiate(await module));
  // Whoever comes meanwhile gets one of its own.
  idle.delete(name);
  return { run: (source, what, use) => run(name, instance, source, what, use) };
}

function run<Name extends CodecName, Result>(
  name: Name,
  instance: WebAssembly.Instance,
  source: ImageSource,
  what: string,
  use: (session: CodecSession<Name>) => Result,
): Result {
  const calls = callsOf(name, instance);
  const memory = () => new Uint8Array(memoryOf(instance).buffer);
  const taken: number[] = [];
  const allocate = (bytes: number) => {
    const address = calls.malloc(bytes) >>> 0;
    if (address === 0)
      throw new AuricleError("unsupported", `${source.name}: no memory is left to decode it`);
    taken.push(address);
    return address;
  };
  let result: Result;
  try {
    result = use({ calls, memory, allocate });
  } catch (cause) {
    if (cause instanceof AuricleError) throw cause;
    throw damaged(source, what, "its pixels cannot be decoded", cause);
  }
  for (const address of taken) calls.free(address);
  if (REUSED[name] && memory().length <= KEPT_BYTES) idle.set(name, instance);
  return result;
}

function callsOf<Name extends CodecName>(name: Name, instance: WebAssembly.Instance): Calls<Name> {
  const names: readonly string[] = [...SHARED, ...FUNCTIONS[name]];
  const missing = names.find((call) => typeof instance.exports[call] !== "function");
  if (missing) throw new AuricleError("unsupported", `the ${name} decoder has no function ${missing}`);
  return Object.fromEntries(names.map((call) => [call, instance.exports[call]])) as Calls<Name>;
}

function memoryOf(instance: WebAssembly.Instance): WebAssembly.Memory {
  const { memory } = instance.exports;
  if (memory instanceof WebAssembly.Memory) return memory;
  throw new AuricleError("unsupported", "a picture decoder has no memory");
}

/** With what a C library asks of its system: an empty environment, and nothing to write to. */
function instantiate(module: WebAssembly.Module): Promise<WebAssembly.Instance> {
  const created: { instance?: WebAssembly.Instance } = {};
  const environmentSizes = (count: number, size: number) => {
    if (!created.instance) return NOT_IMPLEMENTED;
    const view = new DataView(memoryOf(created.instance).buffer);
    view.setUint32(count, 0, true);
    view.setUint32(size, 0, true);
    return 0;
  };
  const refused = () => NOT_IMPLEMENTED;
  const fail = (reason: string) => () => {
    throw new Error(reason);
  };
  const imports = {
    env: { setjmp: () => 0, longjmp: fail("the decoder has given up") },
    wasi_snapshot_preview1: {
      environ_sizes_get: environmentSizes,
      environ_get: () => 0,
      proc_exit: fail("the decoder has ended"),
      fd_close: refused,
      fd_seek: refused,
      fd_write: refused,
    },
  };
  return WebAssembly.instantiate(module, imports).then((instance) => {
    created.instance = instance;
    return instance;
  });
}

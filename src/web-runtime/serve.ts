/** @file The worker's side: it opens a model, and answers one question after the other. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { AuricleError } from "../errors.ts";
import { messageReceiver } from "../runtime/commands.js";
import type { WorkerMessage } from "../runtime/platform.ts";
import { usableThreads } from "../runtime/pool.ts";
import { wasmRunner } from "../runtime/thread.js";
import { Machine } from "./machine.ts";
import type { Answer, Fault, Question, Reply } from "./messages.ts";
import { THREAD_NAME } from "./platform.ts";
import type { Plan } from "./plan.ts";

type Look = Extract<Question, { kind: "look" }>;

/** A model that is open. */
export type Looker = (
  question: Look,
  signal: AbortSignal,
  progress: (seconds: number) => void,
) => Promise<Answer>;

/** Makes this worker a model's, or a thread of such a worker. */
export function serve(open: (plan: Plan, machine: Machine) => Looker): void {
  if (self.name === THREAD_NAME) serveThread();
  else serveModel(open);
}

function serveThread(): void {
  const receive = messageReceiver(
    (code, memory) => {
      if (code.kind === "wasm" && typeof memory === "object") return wasmRunner(code, memory);
      throw new TypeError(`no machine code of kind ${code.kind} in a browser`);
    },
    () => undefined,
  );
  self.onmessage = ({ data }: MessageEvent<WorkerMessage>) => receive(data);
}

function serveModel(open: (plan: Plan, machine: Machine) => Looker): void {
  const reply = (message: Reply) => self.postMessage(message);
  let model: Promise<Looker> | undefined;
  /** Ends when the last question is answered. */
  let last: Promise<void> = Promise.resolve();
  const running = new Map<number, AbortController>();

  async function openModel({ plan, binary }: Extract<Question, { kind: "open" }>): Promise<Looker> {
    const bytes = await readBinary(plan, binary);
    const threads = usableThreads();
    const looker = open(plan, new Machine(plan, bytes, threads));
    reply({ kind: "ready", threads });
    return looker;
  }

  async function look(question: Look): Promise<void> {
    const { id } = question;
    const controller = new AbortController();
    running.set(id, controller);
    await last;
    try {
      const looker = await model;
      if (!looker) throw new TypeError("no model is open");
      controller.signal.throwIfAborted();
      const progress = (seconds: number) => reply({ kind: "progress", id, seconds });
      reply({ kind: "answer", id, answer: await looker(question, controller.signal, progress) });
    } catch (error) {
      reply({ kind: "fault", id, fault: faultOf(error, controller.signal) });
    } finally {
      running.delete(id);
    }
  }

  self.onmessage = ({ data }: MessageEvent<Question>) => {
    if (data.kind === "open") {
      model = openModel(data);
      model.catch((error: unknown) => reply({ kind: "fault", fault: faultOf(error) }));
    } else if (data.kind === "look") last = look(data);
    else running.get(data.id)?.abort();
  };
}

/** @throws AuricleError "file" where the file is not there, or not the one that was written with the plan */
async function readBinary({ binary }: Plan, given: string | ArrayBuffer): Promise<Uint8Array> {
  const bytes = new Uint8Array(typeof given === "string" ? await fetchBytes(given) : given);
  if (bytes.length === binary.bytes && bytesToHex(sha256(bytes)) === binary.sha256) return bytes;
  const source = typeof given === "string" ? given : "the model in this page";
  const why =
    bytes.length === binary.bytes
      ? "its SHA-256 is another one"
      : `it has ${bytes.length} bytes instead of ${binary.bytes}`;
  throw new AuricleError(
    "file",
    `${source}: this is not the file that was exported with the model: ${why}. Copy all files of the export again`,
  );
}

async function fetchBytes(address: string): Promise<ArrayBuffer> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw new AuricleError("file", `${address}: cannot be loaded: ${String(cause)}`, { cause });
  }
  if (!response.ok) {
    throw new AuricleError("file", `${address}: cannot be loaded: the server answers ${response.status}`);
  }
  return response.arrayBuffer();
}

function faultOf(error: unknown, signal?: AbortSignal): Fault {
  if (signal?.aborted) return { code: "cancelled", message: "another recording or picture took its place" };
  if (error instanceof AuricleError) return { code: error.code, message: error.message };
  if (error instanceof WebAssembly.RuntimeError || error instanceof WebAssembly.CompileError) {
    return { code: "file", message: `the model cannot be run: ${error.message}. Export it again` };
  }
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}

/** @file A worker thread: keeps the programs it was given and runs its share of them when told to. */
import { CONTROL, ThreadProgram, waitWhile } from "./thread.js";

/**
 * @typedef {{ kind: "start", control: Int32Array, thread: number, threads: number }
 *   | { kind: "load", id: number, image: import("./thread.js").ProgramImage, memory: WebAssembly.Memory }
 *   | { kind: "unload", id: number }} WorkerMessage
 */

/** @type {Map<number, ThreadProgram>} */
const programs = new Map();
/** @type {Extract<WorkerMessage, { kind: "start" }> | undefined} */
let role;
/** The last command obeyed. */
let seen = 0;

/**
 * Obeys commands for as long as they name known programs. An unknown one's message is still in the queue: this
 * returns to the event loop, and the message brings it back to the same command.
 */
function obey() {
  if (!role) return;
  const { control } = role;
  for (;;) {
    waitWhile(control, CONTROL.command, seen);
    const command = Atomics.load(control, CONTROL.command);
    const program = programs.get(Atomics.load(control, CONTROL.program));
    if (!program) return;
    seen = command;
    try {
      program.run(control);
    } catch (error) {
      Atomics.store(control, CONTROL.failed, 1);
      throw error;
    }
  }
}

/** @param {WorkerMessage} message */
function receive(message) {
  if (message.kind === "start") {
    role = message;
  } else if (message.kind === "load" && role) {
    programs.set(message.id, new ThreadProgram(message.image, message.memory, role.thread, role.threads));
  } else if (message.kind === "unload") {
    programs.delete(message.id);
  }
  obey();
}

const isNode = typeof process !== "undefined" && process.versions?.node !== undefined;
if (isNode) {
  const { parentPort } = await import("node:worker_threads");
  parentPort?.on("message", receive);
} else {
  globalThis.onmessage = (event) => receive(event.data);
}

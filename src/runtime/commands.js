/** @file The commands of a worker thread: it keeps the programs it was given and runs its share of them when told to. */
import { EventLog } from "./event-log.js";
import { CONTROL, ThreadProgram, waitUntil } from "./thread.js";

/**
 * @typedef {import("./thread.js").ProgramCode} ProgramCode
 * @typedef {import("./thread.js").MemoryHandle} MemoryHandle
 * @typedef {{ kind: "start", control: Int32Array, thread: number, threads: number, events: Float64Array, timeOrigin: number }
 *   | { kind: "load", id: number, image: import("./thread.js").ProgramImage, memory: MemoryHandle }
 *   | { kind: "unload", id: number }} WorkerMessage
 */

/**
 * The function that obeys this thread's messages.
 * @param {(code: ProgramCode, memory: MemoryHandle) => import("./thread.js").Runner} runnerOf
 * @param {() => void} collect frees what programs that were unloaded have left behind, as far as it can be hurried
 * @returns {(message: WorkerMessage) => void}
 */
export function messageReceiver(runnerOf, collect) {
  /** @type {Map<number, ThreadProgram>} */
  const programs = new Map();
  /** @type {Extract<WorkerMessage, { kind: "start" }> | undefined} */
  let role;
  /** @type {EventLog | undefined} */
  let log;
  /** The last command obeyed. */
  let seen = 0;
  let received = 0;
  let hasGarbage = false;

  /**
   * Obeys commands. Where messages are still in the queue, this returns to the event loop, and the last of them brings it
   * back to the same command. A program that was unloaded has been done without this thread.
   */
  function obey() {
    if (!role) return;
    const { control } = role;
    /** @param {number} command */
    const isNew = (command) => command !== seen && command % 2 === 0;
    for (;;) {
      if (hasGarbage && !isNew(Atomics.load(control, CONTROL.command))) {
        hasGarbage = false;
        collect();
      }
      waitUntil(control, control, CONTROL.command, isNew);
      const command = Atomics.load(control, CONTROL.command);
      const id = Atomics.load(control, CONTROL.program);
      const run = Atomics.load(control, CONTROL.run);
      const recorded = Atomics.load(control, CONTROL.recorded) === 1;
      const messages = Atomics.load(control, CONTROL.messages);
      // Another command was being written meanwhile: what was read may be half of each.
      if (Atomics.load(control, CONTROL.command) !== command || command % 2 !== 0) continue;
      if (messages !== received) return;
      seen = command;
      try {
        const program = programs.get(id);
        if (recorded && log) {
          log.beginRun(id, run);
          program?.recordShared(control, run, log);
        } else {
          program?.runShared(control, run);
        }
      } catch (error) {
        Atomics.store(control, CONTROL.failed, 1);
        throw error;
      }
    }
  }

  /**
   * Loading calls into a native add-on, which aborts the whole process when its thread is stopped meanwhile. So a process
   * that ends waits for threads that load, and none begins to load once it ends.
   * @param {Extract<WorkerMessage, { kind: "start" }>} role
   * @param {Extract<WorkerMessage, { kind: "load" }>} message
   */
  function load({ control, thread, threads }, { id, image, memory }) {
    Atomics.add(control, CONTROL.loading, 1);
    try {
      if (Atomics.load(control, CONTROL.ending) !== 0) return;
      programs.set(id, new ThreadProgram(image, runnerOf(image.code, memory), thread, threads));
    } finally {
      Atomics.sub(control, CONTROL.loading, 1);
      Atomics.notify(control, CONTROL.loading);
    }
  }

  /** @param {WorkerMessage} message */
  function receive(message) {
    received++;
    if (message.kind === "start") {
      role = message;
      log = new EventLog(message.events, message.timeOrigin);
    } else if (message.kind === "load" && role) {
      load(role, message);
    } else if (message.kind === "unload") {
      programs.delete(message.id);
      hasGarbage = true;
    }
    obey();
  }
  return receive;
}

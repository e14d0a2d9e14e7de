/** @file What a worker thread does: keeps the programs it was given and runs its share of them when told to. */
import { EventLog } from "./event-log.js";
import { CONTROL, ThreadProgram, waitUntil } from "./thread.js";

/**
 * @typedef {{ kind: "start", control: Int32Array, thread: number, threads: number, events: Float64Array, timeOrigin: number }
 *   | { kind: "load", id: number, image: import("./thread.js").ProgramImage, memory: WebAssembly.Memory }
 *   | { kind: "unload", id: number }} WorkerMessage
 */

/**
 * The function that obeys this thread's messages.
 * @param {import("./thread.js").RunnerOf} runnerOf
 * @returns {(message: WorkerMessage) => void}
 */
export function messageReceiver(runnerOf) {
  /** @type {Map<number, ThreadProgram>} */
  const programs = new Map();
  /** @type {Extract<WorkerMessage, { kind: "start" }> | undefined} */
  let role;
  /** @type {EventLog | undefined} */
  let log;
  /** The last command obeyed. */
  let seen = 0;
  /** Programs are numbered in the order of their messages: one up to this number that is not known was unloaded. */
  let latest = 0;

  /**
   * Obeys commands. Where one names a program whose message is still in the queue, this returns to the event loop, and
   * the message brings it back to the same command. A program that was unloaded has been done without this thread.
   */
  function obey() {
    if (!role) return;
    const { control } = role;
    for (;;) {
      waitUntil(control, control, CONTROL.command, (command) => command !== seen && command % 2 === 0);
      const command = Atomics.load(control, CONTROL.command);
      const id = Atomics.load(control, CONTROL.program);
      const run = Atomics.load(control, CONTROL.run);
      const recorded = Atomics.load(control, CONTROL.recorded) === 1;
      // Another command was being written meanwhile: what was read may be half of each.
      if (Atomics.load(control, CONTROL.command) !== command || command % 2 !== 0) continue;
      if (id > latest) return;
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

  /** @param {WorkerMessage} message */
  function receive(message) {
    if (message.kind === "start") {
      role = message;
      log = new EventLog(message.events, message.timeOrigin);
    } else if (message.kind === "load" && role) {
      programs.set(
        message.id,
        new ThreadProgram(message.image, message.memory, role.thread, role.threads, runnerOf),
      );
      latest = message.id;
    } else if (message.kind === "unload") {
      programs.delete(message.id);
    }
    obey();
  }
  return receive;
}

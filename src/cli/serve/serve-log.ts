/** @file The log of a server: lines for people, or JSON objects, one for each request and event. */

import type { AnsweredRequest, ModelEvent, NamedModel } from "../../serve/index.ts";
import type { Terminal } from "../terminal.ts";
import { printable } from "../text.ts";

export class ServeLog {
  private readonly terminal: Terminal;
  private readonly json: boolean;

  constructor(terminal: Terminal, json: boolean) {
    this.terminal = terminal;
    this.json = json;
  }

  started(address: string, models: readonly NamedModel[]): void {
    const names = models.map(({ name }) => name);
    this.say({ event: "serving", address, models: names }, `Serving ${names.join(", ")} at ${address}`);
    if (!this.json) this.terminal.note("Ctrl-C stops it.");
  }

  stopping(): void {
    this.say({ event: "stopping" }, "Stopping, after the answers that are under way");
  }

  answered({ seconds, ...request }: AnsweredRequest): void {
    const { id, method, path, status, bytes, problem } = request;
    const milliseconds = Math.round(seconds * 1e4) / 10;
    const text = `${method} ${path} ${status}${problem ? ` ${problem}` : ""}, ${bytes} bytes, ${milliseconds} ms, ${id}`;
    this.say({ event: "request", ...request, milliseconds }, text);
  }

  model(event: ModelEvent): void {
    switch (event.kind) {
      case "loaded": {
        const { model, version, seconds, warnings } = event;
        this.say(
          { event: "loaded", model, version, seconds },
          `${model}: version ${version} loaded in ${seconds.toFixed(1)} s`,
        );
        for (const text of warnings) this.warning(text);
        return;
      }
      case "not loaded":
        return this.warning(
          `${event.model} could not be loaded: ${event.problem}${event.kept ? "; the version before goes on answering" : ""}`,
        );
      case "died":
        return this.warning(
          `the thread of ${event.model}, version ${event.version}, ended: ${event.reason}; it is loaded again`,
        );
    }
  }

  warning(text: string): void {
    this.terminal.note(`Warning: ${printable(text)}`);
    if (this.json) this.print({ event: "warning", text });
  }

  /** A fault of the server, with all that is known of it. */
  fault(error: unknown, requestId: string | undefined): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.terminal.note(`Error${requestId ? `, request ${requestId}` : ""}: ${text}`);
    if (this.json) this.print({ event: "error", ...(requestId && { id: requestId }), text });
  }

  private say(object: object, text: string): void {
    if (this.json) this.print(object);
    else this.terminal.print(`${new Date().toISOString()} ${printable(text)}`);
  }

  private print(object: object): void {
    this.terminal.printJson({ time: new Date().toISOString(), ...object });
  }
}

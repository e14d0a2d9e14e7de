/** @file How a command says that something fell back: to people, and with --json among the events. */

import type { Terminal } from "./terminal.ts";

/** Tells a warning. */
export function warner(terminal: Terminal, json: boolean): (text: string) => void {
  return (text) => {
    terminal.note(`Warning: ${text}`);
    if (json) terminal.printJson({ event: "warning", text });
  };
}

/** @file The display of a session's events as they come: for people, or as JSON. */

import type { PreparationEvent, TrainingEvent } from "../session/index.ts";
import { downloadNotes } from "./download-notes.ts";
import { JsonProgress } from "./json-progress.ts";
import type { Terminal } from "./terminal.ts";
import { TrainingProgress } from "./training-progress.ts";

/** A display of events. */
export interface Progress {
  show(event: PreparationEvent | TrainingEvent): void;
  /** Gives the terminal back; to be called however the work ends. */
  end(): void;
}

/** Shows events on stdout. @param isQuiet whether that is for JSON or a table alone */
export function progressOn(terminal: Terminal, isQuiet: boolean): Progress {
  return showing(isQuiet ? new JsonProgress(terminal) : new TrainingProgress(terminal.out), terminal);
}

/** Shows events on stderr, for a command whose output is its result. */
export function progressBeside(terminal: Terminal): Progress {
  return showing(new TrainingProgress(terminal.err), terminal);
}

function showing(display: JsonProgress | TrainingProgress, terminal: Terminal): Progress {
  const showObtaining = downloadNotes(terminal);
  return {
    show(event) {
      switch (event.kind) {
        case "obtaining":
          return showObtaining(event.progress);
        case "preparing":
          return display.preparing(event.progress);
        case "note":
          return display.note(event.text);
        case "warning":
          return display.warning(event.text);
        case "begun":
          return;
        case "started":
          return display.started(event.info);
        case "batch":
          return display.batch(event.progress);
        case "epoch":
          return display.epoch(event.metrics, event.isBest);
        case "profiled":
          return display.profiled(event.profile, event.path);
      }
    },
    end: () => display.end(),
  };
}

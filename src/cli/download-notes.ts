/** @file Progress notes while files are downloaded, or recordings rendered. */

import type { ObtainProgress } from "../data/index.ts";
import type { Terminal } from "./terminal.ts";
import { formatBytes } from "./text.ts";

/** Says for each file that it is being downloaded; in a terminal also how far it is. */
export function downloadNotes(terminal: Terminal): (progress: ObtainProgress) => void {
  const isLive = terminal.err.isTTY === true;
  let current = "";
  let shown = -1;
  return ({ file, received, total, unit }) => {
    const what =
      unit === "recordings"
        ? `Rendering ${file} (${total} recordings)`
        : `Downloading ${file} (${formatBytes(total)})`;
    // Rendered before: nothing is to be told.
    if (unit === "recordings" && received === total && file !== current) return;
    const percent = Math.floor((100 * received) / total);
    const isNew = file !== current;
    if (isNew) {
      current = file;
      shown = -1;
    }
    if (!isLive) {
      if (isNew) terminal.note(`${what} …`);
      return;
    }
    if (percent === shown) return;
    shown = percent;
    const end = received === total ? "\n" : "";
    terminal.err.write(`\r${what} … ${percent} %${end}`);
  };
}

/** @file What is shown while files are downloaded. */

import type { Terminal } from "./terminal.ts";
import { formatBytes } from "./text.ts";

/** Says for each file that it is being downloaded; in a terminal also how far it is. */
export function downloadNotes(
  terminal: Terminal,
): (progress: { file: string; received: number; total: number }) => void {
  const isLive = terminal.err.isTTY === true;
  let current = "";
  let shown = -1;
  return ({ file, received, total }) => {
    const percent = Math.floor((100 * received) / total);
    const isNew = file !== current;
    if (isNew) {
      current = file;
      shown = -1;
    }
    if (!isLive) {
      if (isNew) terminal.note(`Downloading ${file} (${formatBytes(total)}) …`);
      return;
    }
    if (percent === shown) return;
    shown = percent;
    const end = received === total ? "\n" : "";
    terminal.err.write(`\rDownloading ${file} (${formatBytes(total)}) … ${percent} %${end}`);
  };
}

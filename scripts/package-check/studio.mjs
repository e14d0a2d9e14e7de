/**
 * @file Starts the studio by a command, opens its start page and the list of runs as a browser would, and ends it as Ctrl-C does.
 *
 *     node scripts/package-check/studio.mjs npx auricle studio
 */
import { spawn } from "node:child_process";

/** Milliseconds until the address is printed: a clone installs and builds before. */
const PATIENCE = 600_000;

const command = [...process.argv.slice(2), "--no-open", "--port", "0", "--json"].join(" ");
const isWindows = process.platform === "win32";
// The leader of a group, since the shell and npm stand between.
const studio = spawn(command, { shell: true, detached: !isWindows, stdio: ["ignore", "pipe", "inherit"] });
const ended = new Promise((resolve) => studio.once("exit", resolve));

function address() {
  return new Promise((resolve, reject) => {
    let text = "";
    studio.stdout.on("data", (piece) => {
      text += piece;
      const line = text.split("\n").find((one) => one.startsWith("{") && one.endsWith("}"));
      if (line) resolve(JSON.parse(line).address);
    });
    void ended.then((code) => reject(new Error(`it ended with ${code} and printed ${JSON.stringify(text)}`)));
    setTimeout(() => reject(new Error(`no address after ${PATIENCE / 1000} s`)), PATIENCE).unref();
  });
}

async function textOf(url) {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  return text;
}

try {
  const start = await address();
  const page = await textOf(start);
  const [script] = /(?<=src=")[^"]+\.js(?=")/.exec(page) ?? [];
  if (!script) throw new Error(`the start page has no script: ${page}`);
  await textOf(new URL(script, start));
  JSON.parse(await textOf(`${start}runs/index.json`));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  if (studio.exitCode === null) {
    if (isWindows) studio.kill();
    else process.kill(-studio.pid, "SIGINT");
  }
  await ended;
}

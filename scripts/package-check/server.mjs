/** @file Starts a server by a command, has it looked at, and ends it as Ctrl-C does. */
import { spawn } from "node:child_process";

/** Milliseconds until the address is printed: a clone installs and builds before. */
const PATIENCE = 600_000;

/**
 * Runs a command that prints its address as JSON and goes on until it is stopped. A problem is printed and sets the exit code.
 * @param {readonly string[]} words of the command @param {(address: string) => Promise<void>} look
 */
export async function withServer(words, look) {
  const isWindows = process.platform === "win32";
  // The leader of a group, since the shell and npm stand between.
  const server = spawn(words.join(" "), {
    shell: true,
    detached: !isWindows,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  try {
    await look(await addressOf(server, ended));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    if (server.exitCode === null) {
      if (isWindows) server.kill();
      else process.kill(-server.pid, "SIGINT");
    }
    await ended;
  }
}

function addressOf(server, ended) {
  return new Promise((resolve, reject) => {
    let text = "";
    server.stdout.on("data", (piece) => {
      text += piece;
      const found = /"address":"([^"]+)"/.exec(text);
      if (found) resolve(found[1]);
    });
    void ended.then((code) => reject(new Error(`it ended with ${code} and printed ${JSON.stringify(text)}`)));
    setTimeout(() => reject(new Error(`no address after ${PATIENCE / 1000} s`)), PATIENCE).unref();
  });
}

/** The text at an address. @param {string | URL} url @throws Error with the answer where it is no success */
export async function textOf(url) {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  return text;
}

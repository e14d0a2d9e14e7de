/** @file The command from start to stop. */

import { join } from "node:path";
import { platform } from "node:process";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { AuricleError } from "../../errors.ts";
import { Terminal } from "../terminal.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { FakeStream } from "../testing/fake-stream.ts";
import { runStudio, type RunStudioOptions } from "./run-studio.ts";
import { APP, startStudio, writeFiles } from "./testing/studio-server.ts";

/** A port at the beginning of a line or in JSON. */
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\//;

/** Runs the studio, does something with its address, and presses Ctrl-C. */
async function untilStopped(options: Partial<RunStudioOptions>, act: (address: string) => Promise<void>) {
  const app = join(await temporaryFolder(), "app");
  await writeFiles(app, APP);
  const interruption = new AbortController();
  let acting: Promise<void> | undefined;
  const stdout = new FakeStream((text) => {
    const address = ADDRESS.exec(text)?.[0];
    if (address === undefined || acting) return;
    acting = act(address).finally(() => interruption.abort());
  });
  const stderr = new FakeStream();
  const context = {
    argv: [],
    terminal: new Terminal(stdout, stderr),
    interruptible: () => interruption.signal,
    onInterrupt: () => undefined,
    setExitCode: () => undefined,
  };
  await runStudio(context, { app, open: false, port: 0, ...options });
  await acting;
  return { stdout: stdout.text, stderr: stderr.text };
}

describe("auricle studio", () => {
  it("serves the app and the runs, until Ctrl-C, and says how to stop", async () => {
    const runs = await temporaryFolder();
    await writeFiles(runs, { "one/config.json": "{}" });
    let address = "";
    const { stdout, stderr } = await untilStopped({ runs }, async (at) => {
      address = at;
      expect(await (await fetch(at)).text()).toBe(APP["index.html"]);
      expect(await (await fetch(`${at}runs/one/config.json`)).text()).toBe("{}");
    });
    expect(stdout).toBe(`The studio is at ${address}\nIt shows the runs in ${runs}\n`);
    expect(stderr).toBe("Ctrl-C stops it.\n");
    await expect(fetch(address)).rejects.toThrow();
  });

  it("--json writes one object", async () => {
    const runs = await temporaryFolder();
    const { stdout } = await untilStopped({ runs, json: true }, () => Promise.resolve());
    expect(jsonLines(stdout)).toEqual([{ event: "studio", address: ADDRESS.exec(stdout)?.[0], runs }]);
  });

  it.runIf(platform === "linux")("says what to do where there is no browser", async () => {
    for (const name of ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"]) vi.stubEnv(name, "");
    onTestFinished(() => void vi.unstubAllEnvs());
    let address = "";
    const { stderr } = await untilStopped({ open: true }, async (at) => {
      address = at;
      await fetch(at);
    });
    const { port } = new URL(address);
    expect(stderr).toBe(
      `Ctrl-C stops it.\nNo browser was opened: open ${address} in one. From another computer, first run there\n` +
        `  ssh -L ${port}:127.0.0.1:${port} <this computer>\n`,
    );
  });

  it("says what to run where the app is not built", async () => {
    const folder = await temporaryFolder();
    await expect(untilStopped({ app: folder }, () => Promise.resolve())).rejects.toThrow(
      `studio: ${folder} has no index.html: the studio is not built. In a clone, npm run studio builds and starts it`,
    );
  });

  it("refuses a folder that is not there, and a port that is taken", async () => {
    const nowhere = join(await temporaryFolder(), "nowhere");
    const refused = untilStopped({ runs: nowhere }, () => Promise.resolve());
    await expect(refused).rejects.toThrow(`no such folder: ${nowhere} (given by --runs)`);
    const { port } = await startStudio();
    const taken = untilStopped({ port }, () => Promise.resolve());
    await expect(taken).rejects.toThrow(AuricleError);
    await expect(taken).rejects.toThrow(`another program listens on port ${port}`);
  });

  it("refuses ports that there are not", async () => {
    for (const port of ["-1", "65536", "1.5", "http"]) {
      const { code, stderr } = await auricle(["studio", "--no-open", "--port", port]);
      expect([code, stderr.includes("--port")], port).toEqual([2, true]);
    }
  });
});

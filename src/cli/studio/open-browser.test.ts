import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { env, platform } from "node:process";
import { afterEach, describe, expect, it, vi } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { openBrowser } from "./open-browser.ts";

const ADDRESS = "http://127.0.0.1:2874/";

afterEach(() => vi.unstubAllEnvs());

/** A desktop whose opener is a script, which writes down what it was asked for. Returns the file in which it does. */
async function desktop(screen: Readonly<Record<string, string>>, exitCode = 0): Promise<string> {
  const folder = await temporaryFolder();
  const [opener, asked] = [join(folder, "xdg-open"), join(folder, "asked")];
  await writeFile(opener, `#!/bin/sh\nprintf '%s' "$*" > '${asked}'\nexit ${exitCode}\n`);
  await chmod(opener, 0o755);
  vi.stubEnv("PATH", `${folder}:${env.PATH}`);
  for (const name of ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"]) vi.stubEnv(name, screen[name] ?? "");
  return asked;
}

describe.runIf(platform === "linux")("the browser", () => {
  it.each(["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"])("is opened by the desktop, with %s", async (name) => {
    const asked = await desktop({ [name]: "some" });
    expect(await openBrowser(ADDRESS)).toBe(true);
    expect(await readFile(asked, "utf8")).toBe(ADDRESS);
  });

  it("is not, where the desktop has none", async () => {
    const asked = await desktop({ DISPLAY: ":0" }, 3);
    expect(await openBrowser(ADDRESS)).toBe(false);
    expect(await readFile(asked, "utf8")).toBe(ADDRESS);
  });

  it("is not looked for without a screen, nor where nothing could open it", async () => {
    const asked = await desktop({});
    expect(await openBrowser(ADDRESS)).toBe(false);
    await expect(readFile(asked)).rejects.toThrow("ENOENT");
    vi.stubEnv("DISPLAY", ":0");
    vi.stubEnv("PATH", await temporaryFolder());
    expect(await openBrowser(ADDRESS)).toBe(false);
  });
});

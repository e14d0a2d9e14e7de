/** @file Opens the browser, as each system does it. */

import { spawn } from "node:child_process";
import { env, platform } from "node:process";

/** A program and the arguments before the address. */
const OPENERS: Readonly<Record<string, readonly [program: string, ...before: string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** For the desktops of Linux and the like. */
const OTHER_OPENER = ["xdg-open"] as const;

/** Opens an address in the browser. Returns whether the system took it; some wait until the browser is closed. */
export function openBrowser(address: string): Promise<boolean> {
  const known = Object.hasOwn(OPENERS, platform);
  // Without a screen browsers in text would be tried; $BROWSER is what editors with a window elsewhere set.
  const hasScreen = known || [env.DISPLAY, env.WAYLAND_DISPLAY, env.BROWSER].some(Boolean);
  if (!hasScreen) return Promise.resolve(false);
  const [program, ...before] = known ? OPENERS[platform] : OTHER_OPENER;
  const opener = spawn(program, [...before, address], { stdio: "ignore", detached: true });
  opener.unref();
  return new Promise((resolve) => {
    opener.once("error", () => resolve(false));
    opener.once("exit", (code) => resolve(code === 0));
  });
}

/** @file The look of exported pages: axe, widths, themes and the keyboard; with answers and with an error in them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { axeFaults, overflowOf } from "../studio-check/views.mjs";
import { choose, openPage, serving } from "./pages.mjs";

const WIDTHS = [390, 1440];
const THEMES = ["light", "dark"];

export async function checkLook({ browser, folder, check, screenshots }) {
  for (const [name, file] of [
    ["sound", "long.wav"],
    ["numbers", "music.mp3"],
    ["pictures", "stripes.png"],
  ]) {
    await serving(join(folder, `${name}-web`), {}, async (address) => {
      for (const width of WIDTHS) {
        for (const theme of THEMES) {
          const context = await browser.newContext({
            serviceWorkers: "block",
            viewport: { width, height: width < 600 ? 844 : 900 },
            colorScheme: theme,
            reducedMotion: "reduce",
          });
          const page = await openPage(context, address);
          await page.event("ready");
          await choose(page, file, readFileSync(join(folder, file)));
          const where = `${name} at ${width} px, ${theme}`;
          check(`${where}: axe`, await axeFaults(page));
          check(`${where}: nothing wider than the page`, await overflowOf(page));
          if (screenshots)
            await page.screenshot({ path: join(screenshots, `${name}-${width}-${theme}.png`) });
          await page.setFile("no-sound.txt", Buffer.from("nothing"));
          await page.getByRole("alert").waitFor();
          check(`${where}, an error: axe`, await axeFaults(page));
          if (screenshots)
            await page.screenshot({ path: join(screenshots, `${name}-${width}-${theme}-error.png`) });
          await context.close();
        }
      }
      if (name === "sound") await checkKeyboard({ browser, address, check });
    });
  }
}

async function checkKeyboard({ browser, address, check }) {
  const context = await browser.newContext({ serviceWorkers: "block" });
  const page = await openPage(context, address);
  await page.event("ready");
  const chosen = page.waitForEvent("filechooser").catch(() => undefined);
  const reached = [];
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press("Tab");
    reached.push(
      await page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element?.textContent?.trim();
      }),
    );
  }
  const wanted = ["Choose a recording", "Use the microphone", "Licences"];
  check(
    "the keyboard reaches all that can be pressed",
    reached.join() === wanted.join() ? undefined : reached.join(),
  );
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  check("Enter opens the files", (await chosen) ? undefined : "it does not");
  await context.close();
}

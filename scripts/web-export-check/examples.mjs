/** @file The pages of examples/web, built by Vite with an exported model beside them: plain, with React and with Vue. */
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { root } from "../setup.mjs";
import { choose, openPage, serving } from "./pages.mjs";

export async function checkExamples({ browser, folder, check }) {
  const example = join(root, "examples", "web");
  const [publicDir, outDir] = [join(folder, "public"), join(folder, "examples")];
  cpSync(join(folder, "sound-web"), join(publicDir, "model"), { recursive: true });
  await build({
    root: example,
    configFile: join(example, "vite.config.js"),
    publicDir,
    logLevel: "warn",
    build: { outDir, emptyOutDir: true },
  });
  await serving(outDir, {}, async (address) => {
    for (const name of ["plain", "react", "vue"]) {
      const page = await openPage(
        await browser.newContext({ serviceWorkers: "block" }),
        `${address}${name}.html`,
      );
      await page.event("ready");
      const { classes } = await choose(page, "long.wav", readFileSync(join(folder, "long.wav")));
      const shown = await page.locator("#log li").first().textContent();
      const wanted = `long.wav: ${classes[0].name}`;
      check(`examples/web, ${name}: it takes the answer`, shown === wanted ? undefined : shown);
      await page.setFile("words.txt", Buffer.from("none"));
      await page.getByRole("alert").waitFor();
      check(`examples/web, ${name}: nothing went wrong in the page`, page.problems(/words\.txt/));
      await page.context().close();
    }
  });
}

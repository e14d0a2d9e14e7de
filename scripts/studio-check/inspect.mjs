/** @file The inspector on the first view's network: its answer, a layer's maps, a unit with its sum and its sound, an explanation; and files that are none. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auricle, runNode } from "../setup.mjs";
import { startStudio } from "./serve.mjs";
import { distance, numberIn } from "./studio.mjs";

/** Milliseconds for training the first view's network and the first answer, on a busy machine. */
const PATIENCE = 60_000;

export async function checkInspector({ studio, check }) {
  const page = await studio.open("#/inspect?layer=shapes");
  await page.getByText("The sum behind it").waitFor({ timeout: PATIENCE });
  check(
    "inspect: the network is drawn with its layers",
    (await page.locator("ol[aria-label^=Layers] li").count()) === 9 ? undefined : "not 9 rows",
  );

  const parts = await page.locator("ul[aria-label='Contributions to the sum'] b").allTextContents();
  const together = await page
    .getByText(/^Together/)
    .locator("b")
    .textContent();
  const sum = parts.map(numberIn).reduce((total, part) => total + part, 0);
  check(
    "inspect: contributions add up to the sum",
    distance(sum, numberIn(together ?? ""), 0.02 * Math.max(1, Math.abs(sum))),
  );
  const unit = await page.locator(".says b").first().textContent();
  check(
    "inspect: the sum is what the unit gives",
    distance(Math.max(0, numberIn(together ?? "")), numberIn(unit ?? ""), 0.01 * Math.max(1, Math.abs(sum))),
  );
  check(
    "inspect: a unit says what it sees, in seconds",
    (await page.getByText(/It sees \d+\.\d\d s to \d+\.\d\d s/).count()) === 1 ? undefined : "it does not",
  );
  await page.getByRole("button", { name: "▶ Play what it sees" }).click();

  await page
    .getByLabel("Map 5 of 12", { exact: true })
    .or(page.getByRole("button", { name: "Map 5", exact: true }))
    .first()
    .click();
  await page.getByText(/Map 5 of shapes/).waitFor();
  await page.getByLabel("Integrated gradients").check();
  await page.getByText(/What speaks for/).waitFor({ timeout: PATIENCE });
  await page.getByRole("button", { name: "▶ Hear what mattered" }).click();
  check("inspect: what mattered can be heard", undefined);
  check(
    "inspect: the address has the layer and the method",
    /layer=shapes/.test(page.url()) && /method=integratedGradients/.test(page.url()) ? undefined : page.url(),
  );

  const answer = page.locator("section[aria-label='Input and answer'] ul[aria-label='The answer'] b");
  const before = await answer.allTextContents();
  await page.getByRole("button", { name: "The word “seven”" }).click();
  const changed = await page
    .waitForFunction(
      (old) =>
        [...document.querySelectorAll("ul[aria-label='The answer'] b")].map((b) => b.textContent).join() !==
        old,
      before.join(),
      { timeout: PATIENCE },
    )
    .catch(() => undefined);
  check("inspect: another sound gives another answer", changed ? undefined : `still ${before.join(", ")}`);

  await checkWrongFiles(page, check);
  check("inspect: nothing went wrong in the page", page.problems());
  await page.close();
}

/** Files that are no models and no sounds are refused by their names, and what was open stays open. */
async function checkWrongFiles(page, check) {
  const [model, sound] = [
    page.getByLabel("Open a model (.safetensors)…", { exact: true }),
    page.getByLabel("Open a sound…", { exact: true }),
  ];
  await model.last().setInputFiles({
    name: "broken.safetensors",
    mimeType: "application/octet-stream",
    buffer: Buffer.from("no model"),
  });
  await page.getByRole("alert").filter({ hasText: "broken.safetensors" }).waitFor();
  await sound
    .last()
    .setInputFiles({ name: "broken.wav", mimeType: "audio/wav", buffer: Buffer.from("RIFF") });
  await page.getByRole("alert").filter({ hasText: "broken.wav" }).waitFor();
  check("inspect: files that are none are refused by name", undefined);
  check(
    "inspect: what was open stays open",
    (await page.getByText("first view.safetensors").count()) > 0 ? undefined : "the model is gone",
  );
}

/** A run on pictures, as the server offers it: its model, its matrix, and an example that becomes the input. */
export async function checkServedRun({ studio, check }) {
  const runs = mkdtempSync(join(tmpdir(), "auricle-studio-runs-"));
  const training = [
    "train",
    "digits",
    "--epochs",
    "1",
    "--train-size",
    "500",
    "--out",
    join(runs, "digits"),
    "--json",
  ];
  const trained = runNode(auricle, training, { stdio: "ignore" });
  const server = await startStudio(runs);
  const context = await studio.browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    check("a run: it was trained", trained === 0 ? undefined : `exit code ${trained}`);
    const page = await context.newPage();
    await page.goto(`${server.address}#/inspect?run=digits`);
    const matrix = page.locator("table[aria-label^='Answers to the']");
    await matrix.waitFor({ timeout: PATIENCE });
    const cells = await matrix.locator("tbody td").allTextContents();
    const sum = cells.reduce((total, text) => total + Number(text.trim() || 0), 0);
    check(
      "a run: its test part is in the matrix",
      (await matrix.getAttribute("aria-label"))?.includes(`the ${sum} examples`) && sum > 0
        ? undefined
        : `${sum} examples`,
    );
    await matrix.locator("tbody button").first().click();
    await page.locator("ul[aria-label='Examples in the cell'] button").first().click();
    await page.getByText("What speaks for").waitFor({ timeout: PATIENCE });
    check(
      "a run: an example of a cell is explained",
      (await page.getByRole("alert").count()) === 0
        ? undefined
        : await page.getByRole("alert").first().textContent(),
    );
  } finally {
    await context.close();
    await server.close();
    rmSync(runs, { recursive: true, force: true });
  }
}

/** @file The assignment: the bad network is trained in the page, its matrix agrees with its figure and plays, the leak is counted, the exercise asks for more. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { difference, distance } from "../studio.mjs";
import { tones, wavOf } from "../sounds.mjs";

/** Milliseconds for rendering the music and ten epochs, on a busy machine. */
const PATIENCE = 300_000;
/** Excerpts in the test part. */
const TESTS = 60;

export async function checkLesson({ page, studio, check }) {
  check(
    "no test track is in training",
    (await page.getByText(`0 of ${TESTS} test excerpts`).count()) === 1 ? undefined : "it is",
  );
  await page.getByRole("button", { name: "Train it" }).click();
  const test = page.locator("td.test").first();
  await test.filter({ hasText: "%" }).waitFor({ timeout: PATIENCE });

  const cells = await page
    .locator("table[aria-label^=Answers] tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll("td")].map((cell) => Number(cell.textContent.trim() || 0))),
    );
  const sum = cells.flat().reduce((total, count) => total + count, 0);
  const right = cells.reduce((total, row, i) => total + row[i], 0);
  check("each test excerpt is in the matrix", difference(sum, TESTS));
  const shown = Number.parseFloat((await test.textContent()) ?? "");
  check("the figure is that of the matrix", distance(shown, (100 * right) / TESTS, 0.51));

  await page.locator("table[aria-label^=Answers] tbody button").first().click();
  await page.locator("ul[aria-label='Excerpts in the cell'] button").first().click();
  check("a cell opens its excerpts, which play", undefined);

  await page.getByLabel("Dropout").check();
  await page.getByLabel("other excerpts (leaks)").check();
  const text = (await page.getByText(/test excerpts are from a track/).textContent()) ?? "";
  check("a wrong split says how many leak", Number.parseInt(text, 10) > 10 ? undefined : text.trim());
  const again = await studio.open(page.url().slice(page.url().indexOf("#")));
  check(
    "the address restores remedies and split",
    (await again.getByLabel("Dropout").isChecked()) &&
      (await again.getByLabel("other excerpts (leaks)").isChecked())
      ? undefined
      : page.url(),
  );
  await again.close();

  await page.getByRole("button", { name: "Check what is on the stage" }).click();
  check(
    "the exercise is not solved by the bad network",
    (await page.getByText(/Your best training has \d+ %/).count()) === 1
      ? undefined
      : "it says nothing, or that it is",
  );

  await checkOwnFolder(page, check);
}

/** A folder with two classes of tones, a class that is too small, and files that are none. */
function writeFolder() {
  const folder = join(mkdtempSync(join(tmpdir(), "auricle-lesson-")), "sounds");
  const write = (path, content) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (let i = 0; i < 5; i++) {
    write(`low/${i}.wav`, wavOf(tones(22_050, 8, [200 + 20 * i]), 22_050));
    write(`high/${i}.wav`, wavOf(tones(22_050, 8, [3000 + 100 * i]), 22_050));
  }
  write("few/0.wav", wavOf(tones(22_050, 2, [440]), 22_050));
  write("low/broken.mp3", "no music at all");
  write("low/cover.jpg", "no picture either");
  return folder;
}

async function checkOwnFolder(page, check) {
  const folder = writeFolder();
  try {
    const chooser = page.getByLabel(/^Open a folder of your own/).locator("input[type=file]");
    await chooser.setInputFiles(folder);
    await page.getByText("20 excerpts of 10 recordings in 2 classes").waitFor({ timeout: 60_000 });
    const notes = (await page.getByLabel("What was left out").locator("li").allTextContents()).join(" ");
    for (const name of ["cover.jpg", "broken.mp3", "“few” is left out: it has one recording"]) {
      check(`${name} is told of`, notes.includes(name) ? undefined : notes);
    }
  } finally {
    rmSync(join(folder, ".."), { recursive: true });
  }
  await page.getByLabel("other tracks", { exact: true }).check();
  check(
    "no recording of the test part is in training",
    (await page.getByText("0 of 4 test excerpts").count()) === 1
      ? undefined
      : await page.getByText(/test excerpts are from/).textContent(),
  );
  const status = page.getByRole("status").filter({ hasText: "epochs" });
  check(
    "the time is said before it starts",
    /take (a few seconds|about)/.test(await status.textContent()) ? undefined : await status.textContent(),
  );
  await page.getByLabel("Dropout").uncheck();
  await page.getByLabel("A better network").check();
  await page.getByLabel("A learning rate that fits").check();
  await page.getByRole("button", { name: "Train it" }).click();
  await page.locator("td.test").first().filter({ hasText: "%" }).waitFor({ timeout: PATIENCE });
  const right = Number.parseFloat(await page.locator("td.test").first().textContent());
  check("high and low tones are told apart", right > 60 ? undefined : `${right} %`);
  await page.locator("table[aria-label^=Answers] tbody button").first().click();
  await page.locator("ul[aria-label='Excerpts in the cell'] button").first().click();
  await page.waitForTimeout(500);
  check(
    "one's own excerpts play",
    (await page.getByText("It could not be played").count()) === 0 ? undefined : "they do not",
  );
  await page.getByRole("button", { name: "Back to the studio's music" }).click();
  await page.getByText("220 excerpts of 3 seconds").waitFor();
}

/** @file The lesson on convolution: its sums against plain loops, shapes, the filter, the address, the exercise. */
import { difference, distance, numberIn } from "../studio.mjs";

/** The picture of the lesson, a seven. */
const SEVEN = ["0000000", "0111110", "0000010", "0000100", "0001000", "0010000", "0000000"].map((row) =>
  [...row].map(Number),
);
const EDGE = [
  [-1, 0, 1],
  [-1, 0, 1],
  [-1, 0, 1],
];

/** The output of one place, by the obvious loops. */
function referenceAt(row, column, { stride, before, bias, dilation }) {
  let sum = bias;
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      sum +=
        (SEVEN[row * stride - before + i * dilation]?.[column * stride - before + j * dilation] ?? 0) *
        EDGE[i][j];
    }
  }
  return sum;
}

const result = (page) => page.locator(".behind .result").first().textContent();
const title = (page) => page.getByText(/^Output \d/).textContent();

export async function checkLesson({ page, studio, check }) {
  await page.getByText("Output 5 × 5 × 1").waitFor();
  for (const [row, column] of [
    [0, 0],
    [1, 3],
    [4, 4],
  ]) {
    const output = page.getByLabel("The output of filter 1");
    const box = await output.boundingBox();
    await page.mouse.move(box.x + (box.width * (column + 0.5)) / 5, box.y + (box.height * (row + 0.5)) / 5);
    const wanted = referenceAt(row, column, { stride: 1, before: 0, bias: 0, dilation: 1 });
    await page.getByText(`Output at row ${row}, column ${column},`).waitFor();
    check(`the sum at row ${row}, column ${column}`, distance(numberIn(await result(page)), wanted, 1e-9));
  }

  await page.getByLabel("The output of filter 1").focus();
  await page.keyboard.press("ArrowLeft");
  check(
    "the keyboard moves the window",
    (await page.getByText("Output at row 4, column 3,").count()) === 1 ? undefined : "it did not move",
  );

  await page.getByLabel("same, TensorFlow").check();
  await page.getByLabel("Stride", { exact: true }).fill("2");
  await page.getByText("Output 4 × 4 × 1").waitFor();
  check("same, stride 2: 4 × 4", difference(await title(page), "Output 4 × 4 × 1"));
  const address = page.url();
  check(
    "the address has the settings",
    /padding=same/.test(address) && /stride=2/.test(address) ? undefined : address,
  );

  const again = await studio.open(address.slice(address.indexOf("#")));
  await again.getByText("Output 4 × 4 × 1").waitFor();
  check("the address restores them", difference(await result(again), await result(page)));
  await again.goBack().catch(() => undefined);
  await again.close();

  await page.goBack();
  await page
    .getByText("Output 7 × 7 × 1")
    .waitFor({ timeout: 3000 })
    .catch(() => undefined);
  check(
    "back undoes the last step",
    (await title(page)) === "Output 4 × 4 × 1" ? "the stride is still 2" : undefined,
  );

  await checkGuess(page, check);
  await checkMoving(page, check);
  await checkExercise(page, check);
}

/** The window moves by itself until it is stopped, and a filter is turned around. */
async function checkMoving(page, check) {
  await page.goto(`${page.url().split("#")[0]}#/learn/convolution`);
  await page.getByText("Output 5 × 5 × 1").waitFor();
  await page.getByRole("button", { name: "Let it move" }).click();
  await page.getByText("Output at row 1, column 0,").waitFor({ timeout: 10_000 });
  await page.getByRole("button", { name: "■ Stop" }).click();
  const stopped = /Output at row \d, column \d/.exec(await page.locator(".behind").textContent())[0];
  await page.waitForTimeout(700);
  check(
    "the window stays where it was stopped",
    difference(/Output at row \d, column \d/.exec(await page.locator(".behind").textContent())[0], stopped),
  );
  check("and the address has its place", /row=\d/.test(page.url()) ? undefined : page.url());
  await page.getByRole("button", { name: "Turn the filter around" }).click();
  const weights = await page
    .getByLabel(/^Weight, row/)
    .evaluateAll((fields) => fields.map((field) => field.value));
  check("a filter that is turned around", difference(weights.map(numberIn), [1, 0, -1, 1, 0, -1, 1, 0, -1]));
  await page.getByText("Output 5 × 5 × 1").waitFor();
}

async function checkGuess(page, check) {
  await page.getByLabel(/how large is the output/).fill("3x3");
  await page.getByRole("button", { name: "Check", exact: true }).click();
  check(
    "the guess is checked",
    (await page.getByText("Yes.").count()) > 0 ? undefined : "3x3 was not taken for 3 × 3",
  );
}

async function checkExercise(page, check) {
  const button = page.getByRole("button", { name: "Check what is on the stage" });
  await button.click();
  check(
    "an exercise that is not done is not solved",
    (await page.getByText("Move it over the sound, or").count()) > 0 ||
      (await page.getByText(/spectrogram first/).count()) > 0
      ? undefined
      : "it was",
  );
  await page.getByLabel("the sound", { exact: true }).check();
  const weights = [1, 0, -1, 1, 0, -1, 1, 0, -1];
  for (const [i, weight] of weights.entries()) {
    const cell = page.getByLabel(`Weight, row ${Math.floor(i / 3)}, column ${i % 3}`);
    await cell.fill(String(weight));
    await cell.press("Enter");
  }
  await button.click();
  await page.getByText("✓ Solved.").waitFor({ timeout: 5000 });
  check("the exercise is solved", undefined);
}

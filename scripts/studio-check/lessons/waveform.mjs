/** @file The lesson on 1D convolution: sums against plain loops, strides, folding, pooling, the learned layer, the address, the exercise. */
import { dropSound, tones } from "../sounds.mjs";
import { difference, distance, numberIn } from "../studio.mjs";

const RATE = 16_000;
const sound = tones(RATE, 1, [440, 5000]);

/** The filter over the sound, by its definition. */
function referenceAt(index, taps, stride) {
  return taps.reduce((sum, tap, k) => sum + tap * sound[index * stride + k], 0);
}

const result = (page) => page.locator(".behind .result").first().textContent();
const output = (page) => page.getByText(/^Output \[/).textContent();

/** Types into a slider's field. */
async function type(page, label, value) {
  const field = page.getByLabel(`${label}, as a number`, { exact: true });
  await field.fill(String(value));
  await field.press("Enter");
}

export async function checkLesson({ page, studio, check }) {
  await page.getByText(/^Output \[1, 47,992, 1\]/).waitFor();
  await dropSound(page, "tones.wav", sound, RATE);
  await page.getByText(/^Output \[1, 15,992, 1\]/).waitFor();

  await checkSums(page, check);
  await checkStride(page, studio, check);
  await checkPooling(page, check);
  await checkDrawing(page, check);
  await checkSounds(page, check);
  await checkExercise(page, check);
  await checkLearned(page, check);
  await checkStereo(page, check);
}

/** Hann's window without its zeros, as the smoothing filter has it. */
function smoothing(count) {
  const bell = Array.from(
    { length: count },
    (_, k) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (k + 1)) / (count + 1)),
  );
  const sum = bell.reduce((a, b) => a + b, 0);
  return bell.map((weight) => weight / sum);
}

async function checkSums(page, check) {
  const figure = page.getByLabel("The output", { exact: true });
  const box = await figure.boundingBox();
  for (const part of [0.2, 0.61]) {
    await page.mouse.move(box.x + part * box.width, box.y + 0.5 * box.height);
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    const index = numberIn(/y\[([\d,]+)\]/.exec(await page.locator(".behind").textContent())[1]);
    check(`the pointer at ${part}`, distance(index, part * 15_992, 30));
    check(
      `the sum at ${index}`,
      distance(numberIn(await result(page)), referenceAt(index, smoothing(9), 1), 6e-3),
    );
  }
  const before = numberIn(/y\[([\d,]+)\]/.exec(await page.locator(".behind").textContent())[1]);
  await figure.focus();
  await page.keyboard.press("ArrowRight");
  const wanted = referenceAt(before + 1, smoothing(9), 1);
  check("an arrow goes to the next sum", distance(numberIn(await result(page)), wanted, 6e-3));
}

async function checkStride(page, studio, check) {
  await type(page, "Stride", 4);
  await page.getByText(/^Output \[1, 3,998, 1\], 4,000 a second/).waitFor({ timeout: 5000 });
  check("stride 4: 3,998 sums", undefined);
  const address = page.url();
  const again = await studio.open(address.slice(address.indexOf("#")));
  await again.getByText(/^Output \[1, [\d,]+, 1\], 4,000 a second/).waitFor();
  check("the address restores the stride", undefined);
  await again.close();
  await type(page, "Stride", 1);
}

async function checkPooling(page, check) {
  await page.getByRole("button", { name: "Band, ReLU, mean of 256" }).click();
  await page.getByText(/^Output \[1, 62, 1\]/).waitFor({ timeout: 5000 });
  check("a mean of 256 sums", difference((await output(page)).slice(0, 17), "Output [1, 62, 1]"));
  await type(page, "Band at", 440);
  await page.getByText(/now at 440 Hz/).waitFor();
  // A band has the gain 1 in its middle: of a tone of size 0.4, the mean of the positive half is 0.4 / π.
  await page.waitForTimeout(500);
  const text = await page.locator(".behind").textContent();
  check(
    "the mean of the band at 440 Hz",
    distance(Number(/mean of 256: ([\d.]+)/.exec(text)[1]), 0.4 / Math.PI, 0.004),
  );
  await page.getByLabel("ReLU after the sum: negative becomes 0").uncheck();
  await type(page, "Pooling, Q", 1);
}

async function checkDrawing(page, check) {
  await type(page, "Weights, K", 3);
  const filter = page.getByRole("application", { name: /The filter's 3 weights/ });
  await filter.scrollIntoViewIfNeeded();
  const box = await filter.boundingBox();
  await page.mouse.click(box.x + 0.5 * box.width, box.y + 2);
  await page.getByRole("radio", { name: "your own", checked: true }).waitFor({ timeout: 5000 });
  check("drawing makes it a filter of your own", undefined);
  await filter.focus();
  await page.keyboard.press("ArrowUp");
  check("weights stand in the address", /taps=/.test(page.url()) ? undefined : page.url());
}

async function checkSounds(page, check) {
  for (const name of ["▶ An impulse", "▶ Noise through it", "▶ tones.wav", "▶ Through it"]) {
    await page.locator(".sounds").getByRole("button", { name, exact: true }).click();
    await page.waitForTimeout(150);
  }
  check(
    "filter and sound are played",
    (await page.getByRole("alert").count()) === 0 ? undefined : "with an error",
  );
}

async function checkExercise(page, check) {
  const button = page.getByRole("button", { name: "Check what is on the stage" });
  await page.getByRole("button", { name: "Let a tone rise, stride 4" }).click();
  await page.getByText(/^Output \[1, 12,000, 1\]/).waitFor({ timeout: 5000 });
  await button.click();
  await page.getByText(/What lies above 2 kHz is only 0 dB quieter/).waitFor({ timeout: 5000 });
  check("an exercise that is not done is not solved", undefined);
  await page.getByLabel("smoothing", { exact: true }).check();
  await type(page, "Weights, K", 32);
  await button.click();
  await page.getByText("✓ Solved.").waitFor({ timeout: 5000 });
  check("the exercise is solved", undefined);
}

async function checkLearned(page, check) {
  await page.getByRole("button", { name: "Show the learned layer" }).click();
  await page.getByRole("button", { name: "Train the first layer" }).click();
  await page.getByText(/% of pitches it has not heard are right/).waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: "Train the first layer" }).waitFor({ timeout: 60_000 });
  const right = Number(/([\d.]+) % of pitches/.exec(await page.getByText(/% of pitches/).textContent())[1]);
  check("the learned layer tells pitches apart", right > 50 ? undefined : `${right} %`);
  await page.getByRole("button", { name: "▶ Noise through filter 1" }).click();
}

/** Two channels: each has weights of its own, and their products are one sum. */
async function checkStereo(page, check) {
  const right = tones(RATE, 1, [300]);
  await page.getByLabel("one filter", { exact: true }).check();
  await page.getByLabel("the clip", { exact: true }).check();
  await dropSound(page, "stereo.wav", [sound, right], RATE);
  await type(page, "Stride", 1);
  await page.getByLabel("each of them, C = 2").check();
  await page.getByLabel("difference", { exact: true }).check();
  await page.getByText(/^Filter 2 × 2/).waitFor();
  await page.getByText(/^Input \[1, 16,000, 2\]/).waitFor();
  for (const [setting, factor] of [
    ["the same", 1],
    ["with the other sign", -1],
    ["all 0", 0],
  ]) {
    await page.getByLabel(setting, { exact: true }).check();
    await page.waitForTimeout(400);
    const index = numberIn(/y\[([\d,]+)\]/.exec(await page.locator(".behind").textContent())[1]);
    const differenceOf = (samples) => samples[index + 1] - samples[index];
    // The preset halves the difference, so that no tone gets louder.
    const wanted = (differenceOf(sound) + factor * differenceOf(right)) / 2;
    const shown = numberIn(await result(page));
    check(
      `two channels, weights of the other ${setting}`,
      distance(Math.abs(shown), Math.abs(wanted), 0.006 * Math.abs(wanted) + 6e-4),
    );
  }
}

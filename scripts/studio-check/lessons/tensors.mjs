/** @file The lesson on tensors: elements of a dropped sound against plain loops, shapes, selecting and playing, the address, the exercise. */
import { difference, distance, numberIn } from "../studio.mjs";
import { dropSound, tones, wavOfChannels } from "../sounds.mjs";

const RATE = 16_000;
const sound = tones(RATE, 1, [440, 1250]);

/** One element of the transform, by its definition: Hann's window, frames centred, zeros beyond the ends. */
function referenceAt(frame, bin, { window, hop }) {
  let [real, imaginary] = [0, 0];
  for (let i = 0; i < window; i++) {
    const weighted =
      (sound[frame * hop - window / 2 + i] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window));
    real += weighted * Math.cos((2 * Math.PI * bin * i) / window);
    imaginary -= weighted * Math.sin((2 * Math.PI * bin * i) / window);
  }
  return { real, imaginary, magnitude: Math.hypot(real, imaginary) };
}

const cells = (page) =>
  page
    .locator("table tbody tr")
    .first()
    .locator("td b")
    .allTextContents()
    .then((texts) => texts.map(numberIn));
const value = (page) => page.locator(".value b").textContent();
const firstNumber = (text) => numberIn(text.split(" ")[0].replaceAll("−", "-"));

/** Moves the pointer, and waits until the stage shows what is there. */
async function pointAt(page, x, y) {
  await page.mouse.move(x, y);
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  await page.waitForFunction(() => !document.querySelector(".value b")?.textContent?.includes("…"));
}

export async function checkLesson({ page, studio, check }) {
  await page.getByText("48,000").first().waitFor();
  check("the clip is [1, 48000]", difference(await cells(page), [1, 48_000]));
  await dropSound(page, "tones.wav", sound, RATE);
  await page.getByText("16,000 of them").waitFor();

  await checkWaveform(page, check);
  await checkMagnitudes(page, check);
  await checkAddress(page, studio, check);
  await checkParts(page, check);
  await checkDrop(page, check);
  await checkBatch(page, check);
  await checkPicture(page, check);
  await checkExercise(page, check);
  await checkChannels(page, studio, check);
}

async function checkWaveform(page, check) {
  const box = await page.getByLabel("Waveform of tones.wav, example 1").boundingBox();
  await pointAt(page, box.x + 0.25 * box.width, box.y + 0.5 * box.height);
  const index = numberIn(await page.locator(".here .number").nth(1).textContent());
  check("the pointer's sample", distance(index, 4000, 20));
  check("its value", distance(firstNumber(await value(page)), sound[index], 6e-4));
  await page.keyboard.press("Tab");
  await page.getByLabel("Waveform of tones.wav, example 1").focus();
  await page.keyboard.press("ArrowRight");
  check("an arrow goes to the next one", distance(firstNumber(await value(page)), sound[index + 1], 6e-4));

  await page.mouse.move(box.x + 0.25 * box.width, box.y + 0.5 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.4 * box.width, box.y + 0.5 * box.height, { steps: 4 });
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.5 * box.height);
  await page.mouse.up();
  check(
    "a drag selects",
    distance(Number(await page.getByLabel("From, in seconds").inputValue()), 0.25, 0.004),
  );
  check(
    "up to where it ends",
    distance(Number(await page.getByLabel("To, in seconds").inputValue()), 0.5, 0.004),
  );
  await page.evaluate(watchPlayhead);
  const play = page.getByRole("button", { name: "Play the selection" });
  // It lasts a quarter of a second, of which a busy machine may draw no frame.
  for (let times = 0; times < 6 && !(await page.evaluate(() => globalThis.sawPlayhead)); times++) {
    await play.click();
    await page
      .getByRole("button", { name: "Stop" })
      .first()
      .waitFor({ timeout: 2000 })
      .catch(() => undefined);
    await play.waitFor({ timeout: 5000 });
  }
  check(
    "the selection is played, and ends",
    (await page.evaluate(() => globalThis.sawPlayhead)) ? undefined : "no playhead was seen",
  );
}

/** Runs in the page: remembers that a playhead was there, however short. */
function watchPlayhead() {
  globalThis.sawPlayhead = false;
  new MutationObserver(() => {
    globalThis.sawPlayhead ||= document.querySelector(".playhead") !== null;
  }).observe(document.body, { childList: true, subtree: true });
}

async function checkMagnitudes(page, check) {
  const settings = { window: 1024, hop: 256 };
  await page.getByLabel("magnitudes [N, T, F]").check();
  check("the shape of the magnitudes", difference(await cells(page), [1, 63, 513]));
  const figure = page.getByLabel("Spectrogram of tones.wav, example 1");
  const box = await figure.boundingBox();
  for (const [frame, bin] of [
    [20, 28],
    [40, 80],
    [60, 300],
  ]) {
    const x = box.x + (box.width * frame * settings.hop) / sound.length;
    const y = box.y + box.height * (1 - (bin + 0.5) / 513);
    await pointAt(page, x, y);
    const here = (await page.locator(".here .number").allTextContents()).map(numberIn);
    check(`the pointer is on frame ${frame}`, difference(here[1], frame));
    const wanted = referenceAt(here[1], here[2], settings).magnitude;
    check(
      `the magnitude at ${here}`,
      distance(firstNumber(await value(page)), wanted, 0.006 * wanted + 1e-4),
    );
  }
}

async function checkAddress(page, studio, check) {
  const address = page.url();
  const again = await studio.open(address.slice(address.indexOf("#")));
  await again.getByLabel("magnitudes [N, T, F]").waitFor();
  check(
    "the address restores the form and the selection",
    difference(
      [
        await again.getByLabel("magnitudes [N, T, F]").isChecked(),
        await again.getByLabel("From, in seconds").inputValue(),
      ],
      [true, await page.getByLabel("From, in seconds").inputValue()],
    ),
  );
  await again.close();
}

async function checkParts(page, check) {
  await page.getByLabel("complex [N, T, F, 2]").check();
  check("the shape of the parts", difference(await cells(page), [1, 63, 513, 2]));
  for (const [part, channel] of [
    ["real", 0],
    ["imaginary", 1],
  ]) {
    const figure = page.getByLabel(`The ${part} part, tones.wav, example 1`);
    await figure.scrollIntoViewIfNeeded();
    const box = await figure.boundingBox();
    await pointAt(page, box.x + 0.7 * box.width, box.y + box.height * (1 - 28.5 / 513));
    await page
      .locator(".here .number")
      .nth(3)
      .filter({ hasText: String(channel) })
      .waitFor({ timeout: 5000 });
    const here = (await page.locator(".here .number").allTextContents()).map(numberIn);
    check(`channel ${channel} is pointed at`, difference(here[3], channel));
    await page.waitForFunction(() => !document.querySelector(".value b")?.textContent?.includes("…"));
    const wanted = referenceAt(here[1], here[2], { window: 1024, hop: 256 })[part];
    check(
      `the ${part} part`,
      distance(firstNumber(await value(page)), wanted, 0.006 * Math.abs(wanted) + 1e-3),
    );
  }
}

async function checkBatch(page, check) {
  await page.getByLabel("waveform [N, T]").check();
  await page.getByRole("button", { name: "Cut it into four" }).click();
  await page.getByLabel("Waveform of tones.wav, example 4").waitFor();
  check("four examples of a quarter", difference(await cells(page), [4, 4000]));
  await page.getByLabel("Waveform of tones.wav, example 3").hover({ position: { x: 1, y: 10 } });
  const [n, t] = (await page.locator(".here .number").allTextContents()).map(numberIn);
  check(
    "an element's place in memory",
    (await page
      .getByText(`number ${(n * 4000 + t + 1).toLocaleString("en")} of 16,000 in memory`)
      .count()) === 1
      ? undefined
      : await page.locator(".value").textContent(),
  );
  await page.getByLabel("Batch: the clip in parts", { exact: true }).fill("1");
}

async function checkPicture(page, check) {
  await page.getByLabel("picture [N, H, W, C]").check();
  const figure = page.getByLabel("Channel 2, blue");
  await figure.waitFor();
  await figure.hover({ position: { x: 5, y: 5 } });
  const here = (await page.locator(".here .number").allTextContents()).map(numberIn);
  check("the channel that is pointed at", difference([here[0], here[3]], [0, 2]));
  const blue = /blue (\d+(\.\d+)?)/.exec(await page.getByText("The pixel's colour:").textContent())?.[1];
  check("its value is in the pixel's colour", difference(firstNumber(await value(page)), Number(blue)));
}

async function checkExercise(page, check) {
  const button = page.getByRole("button", { name: "Check what is on the stage" });
  await button.click();
  check(
    "an exercise that is not done is not solved",
    (await page.getByText("Show the sound as magnitudes, [N, T, F], first.").count()) === 1
      ? undefined
      : "it was",
  );
  await page.getByLabel("magnitudes [N, T, F]").check();
  await button.click();
  await page.getByText(/The bins are 15\.6 Hz apart/).waitFor();
  await page.getByLabel(/^Window, .*as a number$/).fill("2048");
  await page.getByLabel(/^Window, .*as a number$/).press("Enter");
  await button.click();
  await page.getByText("✓ Solved.").waitFor({ timeout: 5000 });
  check("the exercise is solved", undefined);
}

/** A stereo file: its mean, unless each channel is asked for. */
async function checkChannels(page, studio, check) {
  const right = tones(RATE, 1, [700]);
  await page.getByLabel("waveform [N, T]").check();
  await dropSound(page, "stereo.wav", [sound, right], RATE);
  await page.getByText("Recorded in 2 channels. Here their mean is shown").waitFor();
  const meanOf = (index) => (sound[index] + right[index]) / 2;
  const hover = async (label) => {
    const figure = page.getByLabel(label, { exact: true });
    await figure.scrollIntoViewIfNeeded();
    const box = await figure.boundingBox();
    await pointAt(page, box.x + 0.3 * box.width, box.y + 0.5 * box.height);
    const here = (await page.locator(".here .number").allTextContents()).map(numberIn);
    return { here, shown: firstNumber(await value(page)) };
  };
  const mean = await hover("Waveform of stereo.wav, example 1");
  check("the mean of two channels", distance(mean.shown, meanOf(mean.here[1]), 6e-4));
  await page.getByLabel("each of them, C = 2").check();
  await page.getByLabel("Waveform of stereo.wav, example 1, right").waitFor();
  check("both channels are [1, 16000, 2]", difference(await cells(page), [1, 16_000, 2]));
  for (const [name, samples, channel] of [
    ["left", sound, 0],
    ["right", right, 1],
  ]) {
    const { here, shown } = await hover(`Waveform of stereo.wav, example 1, ${name}`);
    check(`the ${name} channel is pointed at`, difference(here[2], channel));
    check(`a sample of the ${name} channel`, distance(shown, samples[here[1]], 6e-4));
  }
  check(
    "its place in memory: channels run fastest",
    (await page.getByText(/number [\d,]+ of 32,000 in memory/).count()) === 1
      ? undefined
      : await page.locator(".value").textContent(),
  );
  const again = await studio.open(page.url().slice(page.url().indexOf("#")));
  await again.getByText("This sound has one channel.").waitFor();
  check("a sound without channels says so", undefined);
  await again.getByRole("button", { name: "Show the phrase in stereo" }).click();
  await again.getByLabel("Waveform of The same in stereo, example 1, right").waitFor();
  check("the studio has a sound in stereo", undefined);
  await again.close();
}

/** A file that is dropped on the sounds is opened, and one that is none is refused by its name. */
async function checkDrop(page, check) {
  const drop = async (name, bytes) => {
    const transfer = await page.evaluateHandle(
      ([file, content]) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(content)], file, { type: "audio/wav" }));
        return data;
      },
      [name, [...bytes]],
    );
    await page.getByLabel("Open a sound…").first().dispatchEvent("drop", { dataTransfer: transfer });
  };
  await drop("words.wav", Buffer.from("no sound"));
  await page.getByText(/words\.wav.*What was open is still open\./).waitFor();
  await drop("tones.wav", wavOfChannels([sound], RATE));
  await page.getByText(/words\.wav/).waitFor({ state: "detached" });
  check("a dropped file is opened, and what is none is named", undefined);
}

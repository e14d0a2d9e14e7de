/**
 * @file Sound in the studio: a clip of ten minutes opened, zoomed and played; files that are no sound; a microphone that hears a known
 * sound, one that is not allowed, and none.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropSound, tones, wavOf } from "./sounds.mjs";
import { distance, numberIn, openStudio } from "./studio.mjs";

const LESSON = "#/learn/tensors";
/** Bytes that the page's process may have held at most. */
const MOST_MEMORY = 500e6;
/** Milliseconds in which an interaction is answered. */
const LONGEST_ANSWER = 50;
/** Milliseconds that the page may be kept from answering. */
const LONGEST_TASK = 100;

export async function checkSound({ studio, check, program }) {
  await checkAnswers(studio, check);
  await checkTenMinutes(program, check);
  await checkFiles(studio, check);
  await checkMicrophone(program, check);
}

/** Milliseconds from a slider's step to the spectrogram that it gives, and from a pointer's to the number. */
async function checkAnswers(studio, check) {
  const page = await studio.open(`${LESSON}?form=magnitude`);
  await page.getByLabel("Spectrogram of Plucked phrase, example 1").locator("canvas").waitFor();
  await page.waitForTimeout(500);
  for (const [name, stops] of [
    ["Window", [2, 3, 5, 4, 2, 3, 5, 4]],
    ["Hop", [1, 2, 3, 4, 6, 7, 5, 3]],
  ]) {
    const times = await page.evaluate(timeSteps, { name, stops });
    // The first visits compile; every stop is visited twice.
    const median = times.slice(stops.length / 2).sort((a, b) => a - b)[stops.length / 4];
    check(
      `${name.toLowerCase()}: the spectrogram is there within ${LONGEST_ANSWER} ms (median ${Math.round(median)} ms)`,
      median <= LONGEST_ANSWER ? undefined : times.map(Math.round).join(", "),
    );
  }
  await page.close();
}

/** Runs in the page: moves a slider, and waits until a row of the spectrogram's pixels is another. */
async function timeSteps({ name, stops }) {
  const slider = [...document.querySelectorAll("input[type=range]")].find((input) =>
    input.labels?.[0]?.textContent?.startsWith(name),
  );
  const canvas = document.querySelector('[aria-label^="Spectrogram of"] canvas');
  const row = () => {
    const { data } = canvas
      .getContext("2d")
      .getImageData(0, Math.floor(0.9 * canvas.height), canvas.width, 1);
    return data.reduce((hash, value) => (31 * hash + value) % 1_000_003, canvas.width);
  };
  const times = [];
  for (const stop of stops) {
    const before = row();
    const start = performance.now();
    slider.value = String(stop);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    while (row() === before && performance.now() - start < 3000) await new Promise(requestAnimationFrame);
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return times;
}

/** Ten minutes at 44,100 Hz, two channels: 106 MB. */
function tenMinutes() {
  const rate = 44_100;
  const samples = new Float32Array(600 * rate);
  for (let i = 0; i < samples.length; i++) {
    const second = Math.floor(i / rate);
    samples[i] = 0.3 * Math.sin((2 * Math.PI * (200 + 10 * second) * i) / rate) * (1 - (i % rate) / rate);
  }
  return wavOf(samples, rate, 2);
}

async function checkTenMinutes(program, check) {
  const folder = mkdtempSync(join(tmpdir(), "studio-check-"));
  const studio = await openStudio(program);
  try {
    const path = join(folder, "ten minutes.wav");
    writeFileSync(path, tenMinutes());
    const page = await studio.open(LESSON);
    // The first sound opens the system's audio, which keeps any page from answering once.
    await page.locator(".drop").getByRole("button", { name: "Play" }).click();
    await page.locator(".drop").getByRole("button", { name: "Stop" }).click();
    await page.evaluate(watchTasks);
    await page.getByLabel("Open a sound…").locator("input[type=file]").setInputFiles(path);
    await page.getByText("26,460,000 of them").waitFor({ timeout: 60_000 });
    const figure = page.getByLabel("Waveform of ten minutes.wav, example 1");
    await figure.focus();
    for (let i = 0; i < 14; i++) {
      await page.keyboard.press("+");
      await page.waitForTimeout(60);
    }
    await page.keyboard.press("0");
    await page.getByLabel("magnitudes [N, T, F]").check();
    await page.waitForTimeout(3000);
    const spectrogram = page.getByLabel("Spectrogram of ten minutes.wav, example 1");
    await spectrogram.focus();
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press("+");
      await page.waitForTimeout(250);
    }
    await page.getByRole("button", { name: "Play all" }).click();
    await page.locator(".fields").getByRole("button", { name: "Stop" }).waitFor();
    await page.waitForTimeout(12_000);
    check(
      "ten minutes: they are still being played after 12 s",
      (await page.locator(".fields").getByRole("button", { name: "Stop" }).count()) === 1
        ? undefined
        : "they ended",
    );
    await page.locator(".fields").getByRole("button", { name: "Stop" }).click();
    const tasks = await page.evaluate(() => globalThis.tasks);
    const longest = Math.max(0, ...tasks);
    check(
      `ten minutes: no task is longer than ${LONGEST_TASK} ms (${Math.round(longest)} ms)`,
      longest <= LONGEST_TASK ? undefined : `tasks of ${tasks.map(Math.round).join(", ")} ms`,
    );
    const memory = await peakMemory(studio.browser);
    if (memory === undefined) console.log("ten minutes: memory is measured on Linux alone");
    else {
      check(
        `ten minutes: under ${MOST_MEMORY / 1e6} MB (${Math.round(memory / 1e6)} MB)`,
        memory < MOST_MEMORY ? undefined : "more than that",
      );
    }
    check("ten minutes: nothing went wrong in the page", page.problems());
  } finally {
    await studio.close();
    rmSync(folder, { recursive: true });
  }
}

/** Runs in the page: keeps the lengths of long tasks. */
function watchTasks() {
  globalThis.tasks = [];
  new PerformanceObserver((list) => {
    globalThis.tasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: "longtask" });
}

/** The most memory that any page's process has held, in bytes; undefined where the system does not tell. */
async function peakMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const peaks = processInfo
    .filter(({ type, id }) => type === "renderer" && existsSync(`/proc/${id}/status`))
    .map(({ id }) => 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1]));
  return peaks.length === 0 ? undefined : Math.max(...peaks);
}

async function checkFiles(studio, check) {
  const page = await studio.open(LESSON);
  const input = page.getByLabel("Open a sound…").locator("input[type=file]");
  const broken = Buffer.from(tones(8000, 1, [440]).buffer);
  for (const [name, buffer] of [
    ["words.txt", Buffer.from("no sound at all")],
    ["broken.wav", Buffer.concat([Buffer.from("RIFF\0\0\0\0WAVE"), broken.subarray(0, 300)])],
    ["empty.flac", Buffer.alloc(0)],
  ]) {
    await input.setInputFiles({ name, mimeType: "audio/wav", buffer });
    const alert = page.getByRole("alert").filter({ hasText: name });
    await alert.waitFor({ timeout: 5000 });
    check(
      `${name} is refused by its name, and what was open stays`,
      (await page.getByText("48,000 of them").count()) === 1 ? undefined : "the clip is gone",
    );
  }
  await dropSound(page, "short.wav", tones(8000, 0.01, [440]), 8000);
  await page.getByText("80 of them").waitFor({ timeout: 5000 });
  await page.getByLabel("magnitudes [N, T, F]").check();
  await page.getByLabel("Spectrogram of short.wav, example 1").waitFor();
  check("a sound shorter than a frame has a spectrogram", page.problems());
  await page.close();
}

const FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

async function checkMicrophone(program, check) {
  const folder = mkdtempSync(join(tmpdir(), "studio-check-"));
  const path = join(folder, "tone.wav");
  writeFileSync(path, wavOf(tones(48_000, 4, [1000]), 48_000));
  try {
    await withStudio(program, [...FAKE, `--use-file-for-fake-audio-capture=${path}`], async (studio) => {
      const page = await studio.open(LESSON, { permissions: ["microphone"] });
      await page.getByRole("button", { name: "Record" }).click();
      await page.getByRole("button", { name: /Stop 2\.\d s/ }).click({ timeout: 30_000 });
      await page.getByLabel("Waveform of Your recording, example 1").waitFor({ timeout: 10_000 });
      await page.getByLabel("magnitudes [N, T, F]").check();
      const pitch = await loudestFrequency(page);
      check("the microphone's tone of 1000 Hz is seen at 1000 Hz", distance(pitch, 1000, 16));
      check("recording: nothing went wrong in the page", page.problems());
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  await withStudio(program, ["--deny-permission-prompts"], async (studio) => {
    const page = await studio.open(LESSON, { permissions: [] });
    await page.getByRole("button", { name: "Record" }).click();
    const alert = page.getByRole("alert").filter({ hasText: "icrophone" });
    await alert.waitFor({ timeout: 5000 });
    check(
      "without a microphone or permission it says what to do",
      /No microphone was found|does not let this page/.test(await alert.textContent())
        ? undefined
        : await alert.textContent(),
    );
  });
}

/** Walks along the bins of one frame, and finds the loudest. */
async function loudestFrequency(page) {
  const figure = page.getByLabel("Spectrogram of Your recording, example 1");
  const box = await figure.boundingBox();
  let best = { decibels: -Infinity, hertz: 0 };
  for (let bin = 40; bin < 90; bin++) {
    await page.mouse.move(box.x + 0.5 * box.width, box.y + box.height * (1 - (bin + 0.5) / 513));
    await page.waitForTimeout(60);
    const decibels = numberIn(/\((.*) dB/.exec(await page.locator(".value b").textContent())?.[1] ?? "−999");
    const index = numberIn(await page.locator(".here .number").nth(2).textContent());
    if (decibels > best.decibels) best = { decibels, hertz: (index * 16_000) / 1024 };
  }
  return best.hertz;
}

async function withStudio(program, flags, run) {
  const studio = await openStudio(program, flags);
  try {
    await run(studio);
  } finally {
    await studio.close();
  }
}

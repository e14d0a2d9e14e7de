/** @file A clip of ten minutes in the studio: opened, zoomed, shown as a spectrogram, played; with what that takes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wavOf } from "./sounds.mjs";
import { openStudio } from "./studio.mjs";
import { tasksDuring } from "./tasks.mjs";

const SECONDS = 600;
const RATE = 44_100;
const NAME = "ten minutes.wav";

/**
 * @typedef {{
 *   openSeconds: number,
 *   longest: { open: number, zoom: number, play: number },
 *   mostPainted: { cells: number, pictures: number },
 *   memory: number | undefined,
 *   isPlaying: boolean,
 *   problems: string | undefined,
 * }} LongSoundFigures
 *   `longest` tasks of the page's thread, in milliseconds of the processor's time; `mostPainted` in one frame of the screen: cells of new
 *   pictures, and pictures that were drawn; `memory`, of the page's process at most, in bytes, is known on Linux alone
 */

/** @param {string} program the browser's @returns {Promise<LongSoundFigures>} */
export async function tryTenMinutes(program) {
  const folder = mkdtempSync(join(tmpdir(), "studio-check-"));
  const studio = await openStudio(program);
  try {
    const path = join(folder, NAME);
    writeFileSync(path, tenMinutes());
    const page = await studio.open("#/learn/tensors");
    // The first sound opens the system's audio, which keeps any page from answering once.
    await page.locator(".drop").getByRole("button", { name: "Play" }).click();
    await page.locator(".drop").getByRole("button", { name: "Stop" }).click();
    await page.evaluate(watchPainting);
    const longestOf = async (run) => (await tasksDuring(studio.browser, page, run))[0] ?? 0;

    let openSeconds = 0;
    const open = await longestOf(async () => {
      const start = performance.now();
      await page.getByLabel("Open a sound…").locator("input[type=file]").setInputFiles(path);
      await page.getByText(`${(SECONDS * RATE).toLocaleString("en")} of them`).waitFor({ timeout: 60_000 });
      openSeconds = (performance.now() - start) / 1000;
      await page.waitForTimeout(2000);
    });
    const zoom = await longestOf(() => zoomInAndOut(page));
    let isPlaying = false;
    const play = await longestOf(async () => {
      await page.getByRole("button", { name: "Play all" }).click();
      const stop = page.locator(".fields").getByRole("button", { name: "Stop" });
      await stop.waitFor();
      await page.waitForTimeout(12_000);
      isPlaying = (await stop.count()) === 1;
      if (isPlaying) await stop.click();
    });
    return {
      openSeconds,
      longest: { open, zoom, play },
      mostPainted: await page.evaluate(() => globalThis.mostPainted),
      memory: await peakMemory(studio.browser),
      isPlaying,
      problems: page.problems(),
    };
  } finally {
    await studio.close();
    rmSync(folder, { recursive: true });
  }
}

async function zoomInAndOut(page) {
  await page.getByLabel(`Waveform of ${NAME}, example 1`).focus();
  for (let i = 0; i < 14; i++) {
    await page.keyboard.press("+");
    await page.waitForTimeout(60);
  }
  await page.keyboard.press("0");
  await page.getByLabel("magnitudes [N, T, F]").check();
  await page.waitForTimeout(3000);
  await page.getByLabel(`Spectrogram of ${NAME}, example 1`).focus();
  for (const key of [..."++++++++", "0", ..."++++", ..."----"]) {
    await page.keyboard.press(key);
    await page.waitForTimeout(250);
  }
}

/** Two channels of 16 bits: 106 MB. */
function tenMinutes() {
  const samples = new Float32Array(SECONDS * RATE);
  for (let i = 0; i < samples.length; i++) {
    const second = Math.floor(i / RATE);
    samples[i] = 0.3 * Math.sin((2 * Math.PI * (200 + 10 * second) * i) / RATE) * (1 - (i % RATE) / RATE);
  }
  return wavOf(samples, RATE, 2);
}

/** Runs in the page: counts what is painted from one frame to the next, and keeps the most. */
function watchPainting() {
  const most = { cells: 0, pictures: 0 };
  let now = { cells: 0, pictures: 0 };
  globalThis.mostPainted = most;
  const { putImageData, drawImage } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.putImageData = function (image, ...rest) {
    now.cells += image.width * image.height;
    putImageData.call(this, image, ...rest);
  };
  CanvasRenderingContext2D.prototype.drawImage = function (...parameters) {
    now.pictures++;
    drawImage.apply(this, parameters);
  };
  const nextFrame = () => {
    most.cells = Math.max(most.cells, now.cells);
    most.pictures = Math.max(most.pictures, now.pictures);
    now = { cells: 0, pictures: 0 };
    requestAnimationFrame(nextFrame);
  };
  requestAnimationFrame(nextFrame);
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

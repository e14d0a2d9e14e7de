/** @file Runs the commands that README shows, as they stand there, in a clone that has what they name. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [STUDIO, SERVE] = ["studio.mjs", "serve.mjs"].map((name) =>
  fileURLToPath(new URL(name, import.meta.url)),
);

/** Commands that other steps run, that take long, or that go on until they are stopped: what is run in their place. */
const INSTEAD = {
  "npm test": null,
  "npm run peers": null,
  "npm run bench": null,
  "npm run studio": `node "${STUDIO}" npm run --silent studio --`,
  "./auricle studio": `node "${STUDIO}" ./auricle studio`,
  "./auricle serve runs/…": `node "${SERVE}" ./auricle serve runs/…`,
  // Data that have to be downloaded: without a network the message has to say how to get them.
  "./auricle train gtzan --data-folder ./music": "./auricle train gtzan --no-download",
  "./auricle train fashion-mnist --model lenet5 --epochs 5":
    "./auricle train fashion-mnist --model lenet5 --epochs 5 --no-download",
  // Minutes of training by default.
  "./auricle train ./genres --seeds 5": "./auricle train ./genres --seeds 5 --epochs 4",
  "./auricle train styles --model mel-resnet": "./auricle train styles --model mel-resnet --epochs 1",
};

const SWEEP = {
  data: "./genres",
  base: { model: "mel-cnn", epochs: 1 },
  space: { learningRate: [0.001, 0.003] },
  strategy: "grid",
};

/** Exit codes that are right: 3 says that the model learnt nothing, as may be after one epoch or of ten recordings. */
const TRAINED = [0, 3];

/**
 * Runs each line of the README's `sh` blocks in `clone`, an installed clone, where `./genres`, `./mine`, `./album`, `./photos`,
 * `song.mp3` and `sweep.json` are made first, and `runs/…` is the latest run of `./genres`.
 */
export function checkReadme(clone, { check, shell }) {
  makeRecordings(clone);
  makePhotos(clone);
  writeFileSync(join(clone, "sweep.json"), JSON.stringify(SWEEP));
  for (const line of new Set(commandsOf(readFileSync(join(clone, "README.md"), "utf8")))) {
    const command = line in INSTEAD ? INSTEAD[line] : line;
    if (command === null) continue;
    check(`README: ${command}`, () => {
      const whole = command.includes("runs/…") ? command.replaceAll("runs/…", latestRun(clone)) : command;
      if (whole.includes("--no-download")) return expectAdvice(() => shell(whole, clone));
      try {
        shell(whole, clone);
      } catch (error) {
        if (!TRAINED.slice(1).some((code) => error.message.includes(`exit code ${code}`))) throw error;
        return "it says that the model learnt nothing";
      }
    });
  }
}

/** The commands in a page's shell blocks, without their comments. */
function commandsOf(page) {
  return [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block]) =>
    block
      .split("\n")
      .map((line) => line.replace(/\s+#.*$/, "").trim())
      .filter(Boolean),
  );
}

/** The run of the command before; README's runs on recordings follow a training of `./genres`. */
function latestRun(clone) {
  // The folder of several seeds holds runs and is none.
  const isRun = (name) => /genres/.test(name) && existsSync(join(clone, "runs", name, "config.json"));
  const runs = readdirSync(join(clone, "runs")).filter(isRun);
  const latest = runs.sort().at(-1);
  if (latest === undefined) throw new Error("no run of ./genres was kept");
  return `runs/${latest}`;
}

/** Either the data are on this machine, or the message names the download. */
function expectAdvice(run) {
  try {
    run();
  } catch (error) {
    if (!/--download|Allow the download/.test(error.message)) throw error;
    return "not on this machine, and the message says how to get it";
  }
}

/** Two classes of ten short recordings each: low and high tones with noise. */
function makeRecordings(clone) {
  const rate = 16_000;
  for (const [name, hertz] of [
    ["low", 220],
    ["high", 1760],
  ]) {
    for (const folder of ["genres", "mine", "album"]) {
      mkdirSync(join(clone, folder, name), { recursive: true });
      for (let i = 0; i < 10; i++) {
        const frequency =
          hertz * (1 + 0.02 * i + (folder === "genres" ? 0 : 0.01) + (folder === "album" ? 0.003 : 0));
        writeFileSync(
          join(clone, folder, name, `take ${i}.wav`),
          wav(tone(frequency, 3 * rate, rate, i), rate),
        );
      }
    }
  }
  copyFileSync(join(clone, "tools", "oracle", "fixtures", "audio", "signal.mp3"), join(clone, "song.mp3"));
}

function tone(frequency, length, rate, seed) {
  let state = seed + 1;
  return Float32Array.from({ length }, (_, i) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const tremolo = 1 + 0.3 * Math.sin((2 * Math.PI * (2 + seed) * i) / rate);
    return 0.3 * tremolo * Math.sin((2 * Math.PI * frequency * i) / rate) + 0.02 * (state / 2 ** 31 - 1);
  });
}

/** A mono wav file of 16 bits. */
function wav(samples, rate) {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + 2 * samples.length, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((value, i) =>
    bytes.writeInt16LE(Math.round(32_767 * Math.max(-1, Math.min(1, value))), 44 + 2 * i),
  );
  return bytes;
}

/** Two classes of 24 pictures each: discs and squares of other colours, sizes and places. */
export function makePhotos(clone) {
  const side = 64;
  for (const name of ["discs", "squares"]) {
    mkdirSync(join(clone, "photos", name), { recursive: true });
    for (let i = 0; i < 24; i++) {
      const radius = 10 + (i % 8);
      const [x, y] = [20 + ((7 * i) % 24), 20 + ((11 * i) % 24)];
      const isInside = (column, row) => {
        const [dx, dy] = [Math.abs(column - x), Math.abs(row - y)];
        return name === "discs" ? Math.hypot(dx, dy) <= radius : Math.max(dx, dy) <= radius;
      };
      const color = [(37 * i) % 256, (91 * i) % 256, 255 - ((53 * i) % 256)];
      const pixel = (column, row) => (isInside(column, row) ? color : [128, 2 * column, 2 * row]);
      writeFileSync(join(clone, "photos", name, `picture ${i}.bmp`), bmp(side, pixel));
    }
  }
}

/** A square BMP file of 24 bits a pixel; `pixel` gives blue, green and red. A row is a multiple of four bytes. */
function bmp(side, pixel) {
  const header = 54;
  const bytes = Buffer.alloc(header + 3 * side * side);
  bytes.write("BM", 0);
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(header, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(side, 18);
  // Negative: the uppermost row comes first.
  bytes.writeInt32LE(-side, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      bytes.set(pixel(column, row), header + 3 * (row * side + column));
    }
  }
  return bytes;
}

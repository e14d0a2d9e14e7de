/** @file The page: starts the worker, shows what it tells. */
import { lossChart } from "./chart.js";

const element = (id) => document.getElementById(id);
const button = element("button");
const status = element("status");
const trainer = new Worker(new URL("./trainer.js", import.meta.url), { type: "module" });

let chart;
let machine = "";
/** The current training: the number of images done, and when it began. */
let progress;
let labels = [];

const show = {
  ready({ threads, target, isolated, images, labels: classes, steps }) {
    chart = lossChart(element("chart"), steps, 2.5);
    labels = classes;
    drawDigits(images);
    const reason = isolated ? "" : ", as this page is not cross-origin isolated";
    machine = `${threads} ${threads === 1 ? "thread" : "threads"}${reason} · target ${target}`;
    status.textContent = `Ready: ${machine}`;
    button.disabled = false;
  },
  batch({ loss, size }) {
    progress ??= { images: 0, since: performance.now() };
    progress.images += size;
    chart.add(loss);
    element("loss").textContent = loss.toFixed(3);
    const seconds = (performance.now() - progress.since) / 1000;
    if (seconds > 0.5)
      element("speed").textContent = Math.round(progress.images / seconds).toLocaleString("en");
  },
  epoch({ epoch, epochs, accuracy }) {
    element("epoch").textContent = `${epoch} of ${epochs}`;
    element("accuracy").textContent = `${(100 * accuracy).toFixed(1)} %`;
  },
  predictions({ classes }) {
    element("digits").childNodes.forEach((item, i) => {
      item.querySelector("span").textContent = classes[i];
      item.classList.toggle("wrong", classes[i] !== labels[i]);
    });
  },
  done({ stopped }) {
    finish(`${stopped ? "Stopped" : "Done"}: ${machine}`);
  },
  failed({ message }) {
    finish(`Failed: ${message}`);
  },
};

trainer.onmessage = ({ data }) => show[data.kind](data);
trainer.onerror = ({ message }) => finish(`The worker failed: ${message ?? "it could not be loaded"}`);

button.addEventListener("click", () => {
  if (button.textContent === "Stop") {
    trainer.postMessage({ kind: "stop" });
    return;
  }
  progress = undefined;
  chart.clear();
  for (const id of ["epoch", "loss", "accuracy", "speed"]) element(id).textContent = "–";
  button.textContent = "Stop";
  status.textContent = `Training: ${machine}`;
  trainer.postMessage({ kind: "train" });
});

function finish(text) {
  button.textContent = "Train";
  status.textContent = text;
}

/** One canvas for each image of 28 × 28 brightnesses from 0 to 1. */
function drawDigits(images) {
  const size = 28;
  const items = Array.from(labels, (label, digit) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
    const picture = new ImageData(size, size);
    for (let pixel = 0; pixel < size * size; pixel++) {
      const brightness = 255 * images[digit * size * size + pixel];
      picture.data.set([brightness, brightness, brightness, 255], 4 * pixel);
    }
    canvas.getContext("2d").putImageData(picture, 0, 0);
    const prediction = document.createElement("span");
    prediction.textContent = "–";
    const item = document.createElement("li");
    item.title = `a ${label}`;
    item.append(canvas, prediction);
    return item;
  });
  element("digits").replaceChildren(...items);
}

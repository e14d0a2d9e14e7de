import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { decodeImage } from "../image/index.ts";
import { ImageModel } from "../image-model/index.ts";
import { Model } from "../nn/index.ts";
import { pictureModel, TASKS } from "../onnx/export/testing/built-in-models.ts";
import { Machine } from "../web-runtime/machine.ts";
import { PictureModel } from "../web-runtime/picture-model.ts";
import type { PicturePlan, PlanOf } from "../web-runtime/plan.ts";
import { compileForWeb } from "./compile-model.ts";
import { roundedWeights } from "./weight-forms.ts";

const CAT = new URL("../../studio/public/objects/cat.jpg", import.meta.url);

/** The model for plain WebAssembly, with weights as they are after they were kept in a form. */
function inNode(model: Model, weights: "float32" | "float16" | "int8"): ImageModel {
  const plain = new Model(model.network, { threads: 1, target: "wasm" });
  plain.metadata = model.metadata;
  plain.setWeights(roundedWeights(model.network, weights));
  return new ImageModel(plain);
}

it.each([
  ["lenet5", "float32"],
  ["small-resnet", "float16"],
  ["small-mobilenet", "int8"],
] as const)("%s with weights in %s has the bits of Node.js with the same weights", async (name, weights) => {
  const cat = await decodeImage(await readFile(CAT));
  const task = TASKS[name.length % TASKS.length];
  const model = pictureModel(name, task, 32, 3);
  const { plan, binary } = compileForWeb(model, { title: name, weights });
  const page = new PictureModel(plan as PlanOf<PicturePlan>, new Machine(plan, binary, 1));
  const [wanted] = await inNode(model, weights).predict([cat]);
  expect(page.predict(cat)).toEqual(wanted);
});

it("is a quarter as large with int8, and half as large with float16, but for machine code", () => {
  const model = pictureModel("lenet5", "classification", 28, 1);
  const bytesOf = (weights: "float32" | "float16" | "int8") => {
    const { binary, plan } = compileForWeb(model, { title: "a", weights });
    return binary.length - plan.networks.reduce((sum, { module: [, bytes] }) => sum + bytes, 0);
  };
  const whole = bytesOf("float32");
  expect(bytesOf("float16") / whole).toBeCloseTo(0.5, 1);
  expect(bytesOf("int8") / whole).toBeCloseTo(0.26, 1);
});

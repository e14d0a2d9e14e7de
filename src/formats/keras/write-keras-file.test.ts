/** @file Models written for Keras 3, read again. tools/oracle/check_keras.py loads such files in Keras. */
import { describe, expect, it } from "vitest";
import { Model } from "../../nn/model.ts";
import { networkFromConfig } from "../../nn/network-from-config.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { openZip } from "../zip/read-zip.ts";
import { isList, isObject, own } from "../json/values.ts";
import type { ImportedNetwork } from "./imported.ts";
import { layersInKerasOrder } from "./keras-order.ts";
import { readKeras } from "./read-keras.ts";
import { KERAS_3 } from "./testing/keras-cases.ts";
import { toKeras } from "./to-keras.ts";
import { writeKerasFile } from "./write-keras-file.ts";

const networkOf = ({ config, weights }: ImportedNetwork) => networkFromConfig(config, weights);

const caseNamed = (wanted: string) => KERAS_3.filter(({ name }) => name === wanted)[0];

/** The names of the layers of a model in Keras' own order. */
function storedOrder(bytes: Uint8Array): string[] {
  const json: unknown = JSON.parse(new TextDecoder().decode(openZip(bytes, "m").read("config.json")));
  const config = isObject(json) ? own(json, "config") : undefined;
  const layers = isObject(config) ? own(config, "layers") : undefined;
  return isList(layers) ? layers.map((layer) => String(isObject(layer) ? own(layer, "name") : "")) : [];
}

describe("a model of Keras that was read and is written has the same outputs, to 1e-5", () => {
  // Operations on tensors become layers of ONNX's operations, which Keras has not.
  it.each(KERAS_3.filter(({ name }) => name !== "operations"))(
    "$name",
    async ({ files, inputs, outputs }) => {
      const read = networkOf(readKeras(files[".keras"], "model.keras"));
      const again = networkOf(readKeras(writeKerasFile(read), "again.keras"));
      const model: Model<FloatArray | FloatArray[]> = new Model(again, { threads: 1 });
      const found = await model.predict(inputs.length === 1 ? inputs[0] : inputs);
      const arrays = Array.isArray(found) ? found : [found];
      expect(arrays).toHaveLength(outputs.length);
      arrays.forEach(({ data }, i) => {
        const largest = Math.max(1, ...outputs[i].data.map(Math.abs));
        data.forEach((value, j) => expect(Math.abs(value - outputs[i].data[j])).toBeLessThan(1e-5 * largest));
      });
    },
  );
});

it("has its layers in the order that Keras has them in, also where branches meet", () => {
  const { files } = caseNamed("pictures");
  const stored = storedOrder(files[".keras"]);
  const network = networkOf(readKeras(files[".keras"], "model.keras"));
  const found = layersInKerasOrder(toKeras(network, "keras")).map(({ name }) => name);
  const shared = stored.filter((name) => found.includes(name));
  expect(shared.length).toBeGreaterThan(25);
  expect(found.filter((name) => stored.includes(name))).toEqual(shared);
});

it("keeps what is to be kept in a file of its own", () => {
  const network = networkOf(readKeras(caseNamed("normalized").files[".keras"], "model.keras"));
  const written = writeKerasFile(network, { metadata: { auricle: { image: 1 } } });
  expect(readKeras(written, "m.keras").ownMetadata).toEqual({ auricle: { image: 1 } });
  expect(readKeras(written, "m.keras").version).toMatch(/^3\./);
});

/** @file ONNX files, for `auricle import`. */
import { importOnnx, onnxExternalFiles } from "../../onnx/index.ts";
import type { Importer } from "./importer.ts";

/** A model begins with the version of its format: field 1, a number below 128. */
function beginsAsOnnx(head: Uint8Array): boolean {
  const [tag, version, next] = head;
  return tag === 0x08 && version > 0 && version < 32 && [0x12, 0x3a, 0x42].includes(next);
}

export const ONNX: Importer = {
  format: "ONNX",
  endings: [".onnx"],
  takes: ({ path, head }) => /\.onnx$/i.test(path) || beginsAsOnnx(head),
  async load(file, { input, settings }) {
    const content = await file.read();
    const names = onnxExternalFiles(content, file.path);
    const external = new Map<string, Uint8Array>();
    for (const name of names) external.set(name, await file.readBeside(name));
    const { network, metadata, notes, opset, producer } = importOnnx(content, {
      file: file.path,
      external,
      ...(input && { input }),
      ...(settings && { settings }),
    });
    return { network, metadata, notes, facts: { opset, producer } };
  },
};

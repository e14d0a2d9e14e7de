import { describe, expect, it } from "vitest";
import { lenet5, MODEL_NAMES, modelNamed, notebook } from "../models/index.ts";
import { add, conv2d, dense, flatten, maxPooling2d } from "./layers/index.ts";
import { graphNetwork, sequentialNetwork } from "./network-builders.ts";
import { input } from "./symbolic.ts";

/**
 * Parameters and shapes are Keras'. Multiply-adds: outputs × window × input channels, 28·28·6·25 = 117,600 and so on.
 * Receptive fields: 5; 5 + 1 = 6, step 2; 6 + 4·2 = 14; 14 + 2 = 16; then all. Memory: 4 bytes × the output.
 */
const LENET5 = `
lenet5
input_1: 28×28×1

Layer                Output    Parameters  Multiply-adds   Sees   Memory
────────────────────────────────────────────────────────────────────────
conv2d_1             28×28×6          156        117,600    5×5  18.8 kB
average_pooling2d_1  14×14×6            0              0    6×6   4.7 kB
conv2d_2             10×10×16       2,416        240,000  14×14   6.4 kB
average_pooling2d_2  5×5×16             0              0  16×16   1.6 kB
flatten_1            400                0              0  16×16   1.6 kB
dense_1              120           48,120         48,000  28×28    480 B
dense_2              84            10,164         10,080  28×28    336 B
dense_3              10               850            840  28×28     40 B
────────────────────────────────────────────────────────────────────────
Parameters: 61,706 (61,706 trainable, 0 not), 247 kB
Multiply-adds for one example: 416,520
Outputs of all layers for one example: 34 kB
`.trim();

const NOTEBOOK = `
notebook
input_1: time 120 × frequency 129 × channel 1

Layer            Output     Parameters  Multiply-adds     Sees   Memory
───────────────────────────────────────────────────────────────────────
conv2d_1         120×129×4         104      1,548,000      5×5   248 kB
max_pooling2d_1  60×65×4             0              0      6×6  62.4 kB
flatten_1        15600               0              0      6×6  62.4 kB
dense_1          10            156,010        156,000  120×129     40 B
───────────────────────────────────────────────────────────────────────
Parameters: 156,114 (156,114 trainable, 0 not), 624 kB
Multiply-adds for one example: 1,704,000
Outputs of all layers for one example: 373 kB
`.trim();

describe("summary", () => {
  it("gives LeNet-5's table", () => {
    expect(lenet5().summary()).toBe(LENET5);
  });

  it("names the axes where they have names", () => {
    expect(notebook().summary()).toBe(NOTEBOOK);
  });

  it.each(MODEL_NAMES)("keeps %s within 80 columns, each layer in one line, and less by breaking", (name) => {
    const network = modelNamed(name);
    const units = network.inputShapes[0].slice(0, -1).map((_, axis) => ({
      unit: axis === 0 ? "ms" : "bands",
      step: axis === 0 ? 23.22 : 1,
    }));
    for (const options of [{}, { units }]) {
      const wide = network.summary(options).split("\n");
      expect(Math.max(...wide.map((line) => line.length))).toBeLessThanOrEqual(80);
      // Only what the layers are connected to stands below them.
      const rules = wide.flatMap((line, i) => (line.startsWith("───") ? [i] : []));
      const rows = wide.slice(rules[0] + 1, rules[1]).filter((line) => !line.startsWith("  ← "));
      expect(rows).toHaveLength(network.nodes.length);
      const narrow = network.summary({ ...options, width: 50 }).split("\n");
      const table = narrow.slice(4, narrow.findLastIndex((line) => line.startsWith("───")) + 1);
      expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(50);
    }
  });

  it("gives receptive fields in units of the axes", () => {
    // Frames of 25 ms every 10 ms: 5 frames span 4·10 + 25 = 65 ms, 6 span 75; bins of 62.5 Hz: 5·62.5, 6·62.5.
    const units = [
      { unit: "ms", step: 10, width: 25 },
      { unit: "Hz", step: 62.5 },
    ];
    const table = notebook().summary({ units });
    expect(table).toMatch(/^conv2d_1 .* 65 ms × 313 Hz$/m);
    expect(table).toMatch(/^max_pooling2d_1 .* 75 ms × 375 Hz$/m);
    expect(table).not.toContain("Memory");
  });

  it("counts frozen weights and running statistics as not trainable", () => {
    const network = modelNamed("vgg4");
    // 704 running statistics; the first convolution has 320.
    expect(network.summary()).toContain("Parameters: 242,954 (242,250 trainable, 704 not)");
    network.layerNamed("conv2d_1").trainable = false;
    expect(network.summary()).toContain("Parameters: 242,954 (241,930 trainable, 1,024 not)");
  });

  it("says what each layer of a graph is connected to, and counts shared weights once", () => {
    const image = input({ shape: [8, 8, 3], name: "image" });
    const twice = conv2d({ filters: 3, kernelSize: 3, padding: "same", name: "shared" });
    const first = twice.apply(image);
    const second = twice.apply(first);
    const joined = add({ name: "skip" }).apply([image, second]);
    const network = graphNetwork({
      inputs: image,
      outputs: flatten({ name: "flat" }).apply(joined),
    });
    // 3·3·3·3 + 3 = 84 parameters; 64·81 = 5,184 multiply-adds for each use; fields 3, 5, and 5 after the skip.
    const lines = network.summary().split("\n");
    expect(lines.slice(5, 9).map((line) => line.split(/ {2,}/))).toEqual([
      ["shared (Conv2D)", "8×8×3", "84", "5,184", "3×3", "768 B", "image"],
      ["shared (Conv2D)", "8×8×3", "0", "5,184", "5×5", "768 B", "shared"],
      ["skip (Add)", "8×8×3", "0", "0", "5×5", "768 B", "image, shared"],
      ["flat (Flatten)", "192", "0", "0", "5×5", "768 B", "skip"],
    ]);
  });

  it("puts a name that is too long on a line of its own", () => {
    const network = sequentialNetwork([
      conv2d({
        filters: 2,
        kernelSize: 3,
        inputShape: [9, 9, 1],
        name: "a_name_of_forty_characters_for_this_test_",
      }),
      maxPooling2d(),
      flatten(),
      dense({ units: 2 }),
    ]);
    const lines = network.summary({ width: 60 }).split("\n");
    expect(lines[5]).toBe("a_name_of_forty_characters_for_this_test_ (Conv2D)");
    expect(lines[6]).toMatch(/^ +7×7×2 +20 +882 /);
  });
});

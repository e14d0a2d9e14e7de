import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { conv2d, dense, flatten, add, input, model } from "../index.ts";
import { AUDIO_MODELS, isAudioModelName, MODEL_NAMES, modelNamed } from "../../models/index.ts";
import { formatNetworkFile } from "./format.ts";
import { parseNetworkFile } from "./parse.ts";

const REQUEST = { inputShape: [8, 6, 1], classes: 3, seed: 4 };

function file(layers: readonly object[], about: object = {}): string {
  return JSON.stringify({ ...about, layers });
}

const DENSE = { className: "Dense", config: { units: "classes" } };

function messageOf(text: string, request = REQUEST): string {
  try {
    parseNetworkFile(text, "net.json").build(request);
  } catch (error) {
    if (error instanceof AuricleError) return error.message;
    throw error;
  }
  return "none";
}

/** Wider or deeper versions of others, whose millions of initial weights take seconds to draw. */
const LARGE: readonly string[] = ["short-chunk", "m5", "m11", "m18", "sample-cnn"];

describe("a network file", () => {
  it.each(MODEL_NAMES.filter((name) => !LARGE.includes(name)))("of %s makes that network again", (name) => {
    const text = formatNetworkFile({ build: (classes) => modelNamed(name, { classes }) });
    const own = modelNamed(name, { classes: name === "lenet5-1998" ? 10 : 7, seed: 5 });
    const [inputShape] = own.inputShapes;
    const classes = own.outputShape[0];
    const again = parseNetworkFile(text, "net.json").build({ inputShape, classes, seed: 5 });
    expect(again.nodes.map(({ layer }) => layer.layer.className)).toEqual(
      own.nodes.map(({ layer }) => layer.layer.className),
    );
    expect(again.weights.map(({ path, shape }) => [path, shape])).toEqual(
      own.weights.map(({ path, shape }) => [path, shape]),
    );
    expect(again.parameters.view()).toEqual(own.parameters.view());
  });

  it("states a front end and a window, which models on audio have", () => {
    const { frontEnd, windowSeconds, description, build } = AUDIO_MODELS.m5;
    expect(isAudioModelName("m5")).toBe(true);
    const text = formatNetworkFile({
      frontEnd,
      windowSeconds,
      description,
      build: (classes) => build({ classes }),
    });
    expect(parseNetworkFile(text, "net.json")).toMatchObject({
      name: "m5",
      frontEnd,
      windowSeconds,
      description,
    });
  });

  it("keeps branches and layers that are used twice", () => {
    const x = input({ shape: [8, 6, 1] });
    const shared = conv2d({ filters: 1, kernelSize: 3, padding: "same" });
    const outputs = (classes: number) => {
      const once = shared.apply(x);
      const sum = add().apply([once, shared.apply(once)]);
      return dense({ units: classes }).apply(flatten().apply(sum));
    };
    const build = (classes: number) => model({ inputs: x, outputs: outputs(classes) }).network;
    const text = formatNetworkFile({ build });
    expect(text).toContain('{ "use": "conv2d_1", "name": "conv2d_1-2", "inputs": ["conv2d_1"] }');
    const again = parseNetworkFile(text, "net.json").build(REQUEST);
    expect(again.nodes.map(({ inputs }) => inputs)).toEqual(build(3).nodes.map(({ inputs }) => inputs));
    expect(again.layers).toHaveLength(build(3).layers.length);
  });

  it("may be the graph that network.config gives", () => {
    const { config } = modelNamed("lenet5", { classes: 3 });
    const definition = parseNetworkFile(JSON.stringify(config), "net.json");
    expect(definition.inputShape).toEqual([28, 28, 1]);
    const network = definition.build({ inputShape: [28, 28, 1], classes: 3, seed: 9 });
    expect(network.parameters.view()).toEqual(
      modelNamed("lenet5", { classes: 3, seed: 9 }).parameters.view(),
    );
  });

  it("follows the data's shape and the seed", () => {
    const { build } = parseNetworkFile(file([{ className: "Flatten" }, DENSE]), "net.json");
    const [a, b, c] = [build(REQUEST), build(REQUEST), build({ ...REQUEST, seed: 5 })];
    expect(a.outputShape).toEqual([3]);
    expect(a.parameters.view()).toEqual(b.parameters.view());
    expect(a.parameters.view()).not.toEqual(c.parameters.view());
  });

  it.each([
    ["{", /^net\.json: must be JSON; /],
    ["[]", /^net\.json: must describe a network, as \{ "layers"/],
    [file([]), /must describe a network[\s\S]*layers/],
    [file([DENSE], { layer: 1 }), /must describe a network[\s\S]*layer/],
    [
      file([{ className: "Dens", config: {} }]),
      /^net\.json: layers\[0\] \(Dens\): layer: className must be one of/,
    ],
    [
      file([{ className: "Dense", config: { unit: 3 } }]),
      /^net\.json: layers\[0\] \(Dense\): dense: options are .*; got "unit"; did you mean "units"\?/,
    ],
    [
      file([DENSE]),
      /^net\.json: the network must give one output of shape \[3\], a number for each class; it gives \[8,6,3\]/,
    ],
    [
      file([{ className: "Conv1D", config: { filters: 1, kernelSize: 3 } }, DENSE]),
      /^net\.json: layers\[0\] \(Conv1D\): layer conv1d: conv1d: input must be/,
    ],
    [
      file([{ className: "Flatten", inputs: ["inptu"] }, DENSE]),
      /^net\.json: layers\[0\] \(Flatten\): inputs must name what stands above \(input\); got "inptu"; did you mean "input"\?/,
    ],
    [
      file([{ use: "a", inputs: ["input"] }, DENSE]),
      /^net\.json: layers\[0\] \(a\): use must name what stands above/,
    ],
    [
      file([
        { className: "Flatten", config: { name: "a" } },
        { className: "Dense", config: { name: "a", units: 3 } },
      ]),
      /^net\.json: layers\[1\] \(Dense\): the name "a" is taken/,
    ],
    [JSON.stringify({ ...modelNamed("lenet5").config, nodes: [{ layer: 99, inputs: [0] }] }), /^net\.json: /],
  ])("refuses %s and names the place", (text, pattern) => {
    expect(messageOf(text)).toMatch(pattern);
  });
});

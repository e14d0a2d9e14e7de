import { describe, expect, it } from "vitest";
import { batchNormalization, conv1d, conv2d, dense, radialBasis } from "../../nn/layers/index.ts";
import { Model } from "../../nn/model.ts";
import { sequentialNetwork } from "../../nn/network-builders.ts";
import { floatArray, type NumericArray } from "../../tensor/array.ts";
import { exportPytorch } from "./export-pytorch.ts";
import { loadStateDict } from "./load-state-dict.ts";
import { readStateDict, type StateDict } from "./read-state-dict.ts";
import { OWN_NETWORKS, PYTORCH_NETWORKS } from "./testing/networks.ts";

function stateDict(tensors: Readonly<Record<string, NumericArray>>): StateDict {
  return { tensors: new Map(Object.entries(tensors)), notes: [] };
}

function file(name: string): Uint8Array {
  const { networks, others } = PYTORCH_NETWORKS;
  return [...networks, ...others].find((one) => one.name === name)?.base64 ?? expect.fail(name);
}

describe("loadStateDict", () => {
  it.each(PYTORCH_NETWORKS.networks)(
    "$name: the network gives PyTorch's outputs, within 2e-6 of the largest",
    async ({ name, input, output, base64 }) => {
      const network = OWN_NETWORKS[name]();
      const report = loadStateDict(network, readStateDict(base64, "a.pt"), "a.pt");
      expect(report.missing).toEqual([]);
      expect(report.unused).toEqual([]);
      expect(report.matched).toHaveLength(network.weights.length);
      const { shape, data } = await new Model(network, { threads: 1 }).predict(input);
      expect(shape).toEqual(output.shape);
      const largest = output.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      data.forEach((value, i) => expect(Math.abs(value - output.data[i])).toBeLessThan(2e-6 * largest));
    },
  );

  it.each(PYTORCH_NETWORKS.networks)(
    "$name: the tensors that are written are those that were read",
    ({ name, base64 }) => {
      const read = readStateDict(base64, "a.pt");
      const network = OWN_NETWORKS[name]();
      loadStateDict(network, read, "a.pt");
      expect([...exportPytorch(network).tensors.values()]).toEqual([...read.tensors.values()]);
    },
  );

  it("says what was assumed", () => {
    const { notes } = loadStateDict(OWN_NETWORKS.pictures(), readStateDict(file("pictures"), "a.pt"), "a.pt");
    expect(notes).toEqual([
      "The features of dense_1 are taken to be flattened channels first, as PyTorch does, and are put in order.",
      expect.stringContaining("Batch normalisation here has epsilon 0.001"),
    ]);
    const waveform = loadStateDict(OWN_NETWORKS.waveform(), readStateDict(file("waveform"), "a.pt"), "a.pt");
    expect(waveform.notes).toEqual([
      "Modules of equal shapes were matched in the order of both: conv2 is conv1d_2, conv3 is conv1d_3.",
    ]);
    expect(waveform.matched[0]).toEqual({ tensor: "conv1.weight", weight: "conv1d_1/kernel", by: "shape" });
  });

  it("matches modules of the same name whatever their order, and leaves out what wrappers put before names", () => {
    const network = sequentialNetwork([
      dense({ units: 2, name: "first", useBias: false, inputShape: [2] }),
      dense({ units: 2, name: "second", useBias: false }),
    ]);
    const turned = stateDict({
      "module.model.second.weight": floatArray([5, 6, 7, 8], [2, 2]),
      "module.model.first.weight": floatArray([1, 2, 3, 4], [2, 2]),
    });
    const report = loadStateDict(network, turned, "a.pt");
    expect(report.matched).toEqual([
      { tensor: "module.model.first.weight", weight: "first/kernel", by: "name" },
      { tensor: "module.model.second.weight", weight: "second/kernel", by: "name" },
    ]);
    expect(report.notes).toEqual(['All names begin with "module.model.", which is left out.']);
    expect([...(network.getWeights().get("first/kernel")?.data ?? [])]).toEqual([1, 3, 2, 4]);
  });

  it("refuses what does not fit, naming both sides, and leaves the network as it was", () => {
    const network = sequentialNetwork([
      conv1d({ filters: 4, kernelSize: 3, inputShape: [9, 2] }),
      batchNormalization({ name: "norm" }),
    ]);
    const before = network.getWeights();
    const read = readStateDict(file("recurrent"), "voice.pt");
    expect(() => loadStateDict(network, read, "voice.pt")).toThrow(
      /^voice\.pt: does not fit network .*: 4 of its 6 weights have no tensor: norm\/gamma \(a tensor \[4\]\), .*; 8 tensors have no place in it: rnn\.weight_ih_l0 \[12,4\], a recurrent layer \(LSTM or GRU\), .*attention\.in_proj_weight \[12,4\], attention, .*; 2 match: a partial load takes these alone$/,
    );
    expect(network.getWeights()).toEqual(before);
    const report = loadStateDict(network, read, "voice.pt", { partial: true });
    expect(report.matched.map(({ weight }) => weight)).toEqual(["conv1d_1/kernel", "conv1d_1/bias"]);
    expect(report.missing.map(({ weight }) => weight)).toEqual([
      "norm/gamma",
      "norm/beta",
      "norm/movingMean",
      "norm/movingVariance",
    ]);
    expect(report.unused).toHaveLength(8);
  });

  it("refuses a partial load of nothing", () => {
    const network = sequentialNetwork([dense({ units: 3, inputShape: [2] })]);
    const other = stateDict({ "fc.weight": floatArray([1, 2], [1, 2]) });
    expect(() => loadStateDict(network, other, "a.pt", { partial: true })).toThrow("fc.weight [1,2]");
  });

  it("compares numbers that no weight holds", () => {
    const network = sequentialNetwork([radialBasis({ centers: [[1, -1]], inputShape: [2] })]);
    const right = stateDict({ "rbf.centers": floatArray([1, -1], [1, 2]) });
    const wrong = stateDict({ "rbf.centers": floatArray([1, 1], [1, 2]) });
    expect(loadStateDict(network, right, "a.pt")).toEqual({
      matched: [],
      missing: [],
      unused: [],
      notes: [],
    });
    expect(() => loadStateDict(network, wrong, "a.pt")).toThrow("they differ");
  });

  it("takes safetensors in the order of their numbers", () => {
    const network = sequentialNetwork(
      Array.from({ length: 11 }, (_, i) =>
        conv2d({ filters: 1, kernelSize: 1, useBias: false, ...(i === 0 && { inputShape: [1, 1, 1] }) }),
      ),
    );
    const written = exportPytorch(network).weights("safetensors");
    const { tensors } = readStateDict(written, "a.safetensors");
    expect([...tensors.keys()]).toEqual(Array.from({ length: 11 }, (_, i) => `conv2d_${i + 1}.weight`));
  });
});

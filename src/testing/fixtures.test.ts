import { describe, expect, it } from "vitest";
import { mix32 } from "../random/generator.ts";
import { fixtureCases, fixtureNames, loadFixture, parseFixture } from "./fixtures.ts";

describe.each(fixtureNames())("fixture %s", (name) => {
  const fixture = loadFixture(name);

  it("says which tool made it, and how", () => {
    expect(fixture.tool).toMatch(/(torch|keras) \d+\.\d+/);
    expect(fixture.command).toBe(`python tools/oracle/make_${name.replaceAll("-", "_")}.py`);
  });

  it("names each case of an operation once", () => {
    const names = fixture.cases.map(({ op, name }) => `${op} ${name}`);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
  });

  it("has finite numbers alone", () => {
    for (const { op, name, inputs, output, outputGradient, inputGradients = [] } of fixture.cases) {
      const arrays = [...inputs, output, outputGradient, ...inputGradients].filter((array) => !!array);
      for (const { data } of arrays) {
        expect(data.every(Number.isFinite), `${op} ${name}`).toBe(true);
      }
    }
  });

  it("has gradients of the shapes of what they belong to, some of them not zero", () => {
    for (const { op, name, inputs, output, outputGradient, inputGradients } of fixture.cases) {
      expect(outputGradient === undefined, `${op} ${name}`).toBe(inputGradients === undefined);
      if (outputGradient === undefined || inputGradients === undefined) continue;
      expect(outputGradient.shape, `${op} ${name}`).toEqual(output.shape);
      expect(inputGradients.length, `${op} ${name}`).toBe(inputs.length);
      inputGradients.forEach((gradient, i) => {
        if (gradient) expect(gradient.shape, `${op} ${name}, input ${i}`).toEqual(inputs[i].shape);
        if (inputs[i].data instanceof Int32Array) expect(gradient, `${op} ${name}, input ${i}`).toBeNull();
      });
      expect(inputGradients.some(Boolean), `${op} ${name}`).toBe(true);
    }
  });
});

describe("fixtures by arithmetic", () => {
  it("decodes numbers and labels: sum of squared differences by hand", () => {
    // meanSquaredError: the mean over all numbers of (prediction - target)², here without weights.
    const [{ inputs, output }] = fixtureCases("loss", "meanSquaredError");
    const [prediction, target] = inputs.map(({ data }) => data);
    let sum = 0;
    for (let i = 0; i < prediction.length; i++) sum += (prediction[i] - target[i]) ** 2;
    expect(output.shape).toEqual([]);
    expect(output.data[0]).toBeCloseTo(sum / prediction.length, 6);
    const [{ inputs: crossEntropyInputs }] = fixtureCases("loss", "softmaxCrossEntropy");
    expect(crossEntropyInputs[1].data).toBeInstanceOf(Int32Array);
  });

  it("has LeNet-5's first weights and inputs as the formula of README.md gives them", () => {
    const [{ params, auxiliaryOutputs = {} }] = fixtureCases("lenet5-training", "lenet5Training");
    const value = (index: number, limit: number) =>
      Math.fround(((mix32(index) / 4294967296) * 2 - 1) * limit);
    // conv 5×5, 1 → 6: fans 25 and 150; the next kernel starts behind its 150 numbers, fans 150 and 400.
    const first = [0, 1, 2, 3].map((i) => value(i, Math.sqrt(6 / (25 + 150))));
    const second = [150, 151, 152, 153].map((i) => value(i, Math.sqrt(6 / (150 + 400))));
    expect([...auxiliaryOutputs.firstKernelValues.data.slice(0, 8)]).toEqual([...first, ...second]);
    const inputs = [0, 1, 2, 3].map((i) => value(Number(params.inputOffset) + i, 1));
    expect([...auxiliaryOutputs.firstInputValues.data]).toEqual(inputs);
    const labels = Array.from({ length: 8 }, (_, i) => mix32(Number(params.labelOffset) + i) % 10);
    expect([...auxiliaryOutputs.labels.data]).toEqual(labels);
  });
});

describe("malformed fixtures", () => {
  it("are refused by name, with what is wrong", () => {
    const array = { shape: [2], dtype: "float32", base64: "AACAPw==" }; // four bytes: one number, 1.0
    const text = JSON.stringify({
      tool: "t",
      command: "c",
      cases: [{ name: "n", op: "o", params: {}, inputs: [], output: array }],
    });
    expect(() => parseFixture(text, "bad.json")).toThrow(/bad\.json.*shape \[2\] needs 8 bytes; got 4/s);
    const good = parseFixture(text.replace("[2]", "[1]"), "good.json");
    expect([...good.cases[0].output.data]).toEqual([1]);
  });

  it("and unknown names and operations too", () => {
    expect(() => loadFixture("nothing")).toThrow(/no fixture "nothing"; there are: activation, convolution/);
    expect(() => fixtureCases("pooling", "conv2d")).toThrow(/pooling\.json has no case of "conv2d"/);
  });
});

/** @file The front ends that are written for PyTorch. tools/oracle/check_front_ends.py runs them there, all to 1e-4 of the largest. */
import { describe, expect, it } from "vitest";
import { FRONT_END_PRESETS } from "../../audio/front-end/presets.ts";
import { dense } from "../../nn/layers/index.ts";
import { sequential } from "../../nn/model.ts";
import { exportPytorch } from "./export-pytorch.ts";
import { pythonFrontEnd } from "./python-front-end.ts";

/** The body of `forward`. */
function forwardOf(code: string): string[] {
  const lines = code.split("\n");
  return lines.slice(lines.findIndex((line) => line.includes("def forward")) + 1).map((line) => line.trim());
}

describe("a front end in PyTorch", () => {
  it.each(Object.entries(FRONT_END_PRESETS))("is one class: %s", (_, options) => {
    const code = pythonFrontEnd(options);
    expect(code.match(/^class FrontEnd\(nn\.Module\):$/gm)).toHaveLength(1);
    expect(code).not.toMatch(/undefined|NaN|null|\[object/);
    expect(forwardOf(code)[0]).toBe("x = waveform.double()");
    expect(forwardOf(code).filter((line) => line.startsWith("return"))).toHaveLength(1);
  });

  it("pads as librosa does, and measures decibels from the loudest of the recording", () => {
    const code = pythonFrontEnd(FRONT_END_PRESETS["librosa-log-mel"]);
    expect(forwardOf(code).slice(0, -1)).toEqual([
      "x = waveform.double()",
      'x = torch.stft(x, 2048, hop_length=512, win_length=2048, window=self.window, center=True, pad_mode="constant", return_complex=True)',
      "x = x.real**2 + x.imag**2",
      "x = self.bands @ x",
      "x = 10 * x.clamp(min=1e-10).log10()",
      "x = x - x.amax((1, 2), keepdim=True)",
      "x = x.maximum(x.amax((1, 2), keepdim=True) - 80)",
      "return x[:, None].transpose(2, 3).float()",
    ]);
    expect(code).toContain("[N, 1, time, 128]");
    expect(code).toContain("one channel at 22050 Hz");
    expect(code).toContain("its loudest value is the level that others are measured by");
  });

  it("puts zeros around frames that take a window's samples, and keeps magnitudes", () => {
    const forward = forwardOf(pythonFrontEnd(FRONT_END_PRESETS.vggish));
    expect(forward.slice(1, 6)).toEqual([
      "x = F.pad(x, (56, 56))",
      "x = torch.stft(x, 512, hop_length=160, win_length=400, window=self.window, center=False, return_complex=True)",
      "x = x.abs()",
      "x = self.bands @ x",
      "x = (x + 0.01).log()",
    ]);
  });

  it("estimates derivatives from neighbours, by the slope of a line", () => {
    const code = pythonFrontEnd({
      kind: "mfcc",
      coefficients: 13,
      deltas: { order: 1, width: 3, mode: "nearest" },
    });
    // k / Σ k² with k = -1, 0, 1.
    expect(code).toContain("taps = x.new_tensor([[-0.5,0,0.5]])");
    expect(code).toContain('F.pad(x, (1, 1), mode="replicate").unfold(2, 3, 1)');
    expect(code).toContain("[N, 2, time, 13]");
  });
});

describe("a program with a front end", () => {
  const network = sequential([dense({ units: 2, inputShape: [4] })]).network;

  it("has its class and imports what that needs", () => {
    const { program } = exportPytorch(network, { frontEnd: FRONT_END_PRESETS["librosa-log-mel"] });
    expect(program).toContain('"""\n\nimport math\n\nimport torch\n');
    expect(program).toContain("    from model import FrontEnd, Sequential\n");
    expect(program).toContain("    features = FrontEnd()(waveform)\n");
    expect(program.indexOf("class FrontEnd")).toBeLessThan(program.indexOf("class Sequential"));
  });

  it("has none of it otherwise", () => {
    expect(exportPytorch(network).program).not.toMatch(/FrontEnd|import math/);
  });
});

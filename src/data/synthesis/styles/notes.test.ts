import { describe, expect, it } from "vitest";
import { NOTE_INSTRUMENTS, notesPlan, renderNote, type NoteInstrument } from "./notes.ts";
import { loudness, peakOf, pitchError } from "./testing/measure.ts";

describe("renderNote", () => {
  it.each(NOTE_INSTRUMENTS)(
    "%s has the asked pitch within 10 cents, is finite and not clipped",
    (instrument) => {
      for (const [seed, frequency] of [131, 262, 440, 880, 1046].entries()) {
        const { samples, sampleRate } = renderNote({ instrument, frequency, seed });
        expect(samples).toHaveLength(22_050);
        expect(samples.every(Number.isFinite)).toBe(true);
        expect(peakOf(samples)).toBeLessThan(0.98);
        const level = 20 * Math.log10(loudness(samples, 0, 1, sampleRate));
        expect(level).toBeGreaterThan(-30);
        expect(level).toBeLessThan(-10);
        expect(Math.abs(pitchError(samples, 0.15, frequency, sampleRate))).toBeLessThan(10);
      }
    },
  );

  it("gives the same bits for one seed and other ones for another", () => {
    const note = { instrument: "flute", frequency: 440, seconds: 0.3 } as const;
    expect(renderNote({ ...note, seed: 1 })).toEqual(renderNote({ ...note, seed: 1 }));
    expect(renderNote({ ...note, seed: 1 })).not.toEqual(renderNote({ ...note, seed: 2 }));
  });

  it.each([
    [{ instrument: "gong" as NoteInstrument, frequency: 440, seed: 0 }, 'no instrument "gong"'],
    [{ instrument: "flute", frequency: 10, seed: 0 }, "frequency"],
    [{ instrument: "flute", frequency: 4000, seed: 0 }, "frequency"],
    [{ instrument: "flute", frequency: 440, seed: 0, seconds: 0 }, "seconds"],
  ] as const)("refuses %j", (options, message) => {
    expect(() => renderNote(options)).toThrow(`renderNote: ${message}`);
  });
});

describe("notesPlan", () => {
  const notes = notesPlan({ notesPerInstrument: 100, seed: 3 });

  it("has each timbre as a group of its own, at least eight", () => {
    expect(notes).toHaveLength(100 * NOTE_INSTRUMENTS.length);
    expect(new Set(notes.map(({ group }) => group)).size).toBeGreaterThanOrEqual(8);
    expect(new Set(notes.map(({ path }) => path)).size).toBe(notes.length);
    for (const { instrument, group, path } of notes) {
      expect(group).toBe(instrument);
      expect(path.startsWith(`${instrument}/`)).toBe(true);
    }
  });

  it("covers three octaves evenly, with the frequency that belongs to the pitch", () => {
    for (const { pitch, frequency } of notes)
      expect(frequency).toBeCloseTo(440 * 2 ** ((pitch - 69) / 12), 5);
    // Twelve bins of a quarter octave, 1/12 of the notes each, give or take five deviations (117 ± 52).
    const bins = new Array<number>(12).fill(0);
    for (const { pitch } of notes) bins[Math.floor((pitch - 48) / 3)]++;
    for (const count of bins) expect(Math.abs(count - notes.length / 12)).toBeLessThan(52);
  });

  it("is the beginning of a larger one", () => {
    const larger = notesPlan({ notesPerInstrument: 4 });
    for (const note of notesPlan({ notesPerInstrument: 2 })) expect(larger).toContainEqual(note);
  });

  it("refuses a number out of range", () => {
    expect(() => notesPlan({ notesPerInstrument: 0 })).toThrow("notes: notesPerInstrument");
  });
});

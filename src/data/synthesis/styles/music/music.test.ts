import { describe, expect, it } from "vitest";
import { Generator } from "../../../../random/generator.ts";
import { AuricleError } from "../../../../errors.ts";
import { nearest, rootPosition, scalePitches, voicing } from "./harmony.ts";
import { playMelody } from "./melody.ts";
import { chordOf, progression, rotate, scaleOf } from "./progression.ts";
import { rhythm } from "./rhythm.ts";
import { Session, type Player } from "./session.ts";

describe("rhythm", () => {
  it("reads steps, accents and lengths", () => {
    expect(rhythm("X..o x...")).toEqual([
      { position: 0, length: 3 / 8, velocity: 1 },
      { position: 3 / 8, length: 1 / 8, velocity: 0.4 },
      { position: 4 / 8, length: 4 / 8, velocity: 0.75 },
    ]);
    expect(rhythm("....")).toEqual([]);
  });
});

describe("progression", () => {
  it("reads Roman numerals", () => {
    expect(progression("I iv7 V7 bVIImaj7 #i°7 iiø7")).toEqual([
      [0, "major"],
      [5, "minorSeventh"],
      [7, "seventh"],
      [10, "majorSeventh"],
      [1, "diminished"],
      [2, "halfDiminished"],
    ]);
  });

  it.each(["H7", "Iv", "IIII", "i5", "Imaj", ""])("refuses %j", (text) => {
    expect(() => progression(text)).toThrow(AuricleError);
  });

  it("begins anywhere and goes round", () => {
    const chords = rotate(progression("I IV V"), 4);
    expect(chords.map(([root]) => root)).toEqual([5, 7, 0]);
    expect(chordOf(chords, 5)).toEqual([0, "major"]);
    expect(scaleOf(chords)).toBe("major");
    expect(scaleOf(progression("bVI i9"))).toBe("minor");
  });
});

describe("harmony", () => {
  it("finds the nearest octave", () => {
    // C, E and A around middle C (60): 60, 64, 57.
    expect([0, 4, 9].map((pitchClass) => nearest(pitchClass, 60))).toEqual([60, 64, 57]);
  });

  it("spells chords", () => {
    // ii7 in C: D F A C.
    expect(rootPosition([2, "minorSeventh"], 0, 48)).toEqual([50, 53, 57, 60]);
    expect(voicing([2, "minorSeventh"], 0, 60)).toEqual([57, 60, 62, 65]);
  });

  it("spells scales", () => {
    // D major from D4 to D5.
    expect(scalePitches("major", 2, 62, 74)).toEqual([62, 64, 66, 67, 69, 71, 73, 74]);
  });
});

describe("playMelody", () => {
  it("stays on its pitches but for chord tones, and within the bars", () => {
    const session = new Session({ seed: 1, seconds: 20, sampleRate: 8000 }, new Generator(3), { tempo: 120 });
    const pitches = scalePitches("major", session.key, 60, 79);
    const played: { pitch: number; beat: number; beats: number }[] = [];
    const player: Player = {
      note: (pitch, beat, beats) => played.push({ pitch, beat, beats }),
      chord: () => undefined,
    };
    const rhythms = [rhythm("x.xx x.x."), rhythm("xx.. xxxx")];
    playMelody(session, player, { pitches, rhythms, chords: progression("I IV V I"), rests: 0.2 });
    expect(played.length).toBeGreaterThan(20);
    for (const { pitch, beat, beats } of played) {
      // Chords of the key have no tones that its scale has not.
      expect(scalePitches("major", session.key, 54, 85)).toContain(pitch);
      expect(beat % 0.5).toBe(0);
      expect(beats).toBeLessThanOrEqual(4);
      expect(beat).toBeLessThan(session.bar(session.bars));
    }
    expect(new Set(played.map(({ pitch }) => pitch)).size).toBeGreaterThan(3);
  });
});

/** When the hits of a drum begin, in seconds after the first one. */
function onsets(groove: { swing?: number; sixteenthSwing?: number }, beats: readonly number[]): number[] {
  const session = new Session({ seed: 5, seconds: 4, sampleRate: 8000 }, new Generator(9), {
    tempo: 60,
    looseness: 0,
    ...groove,
  });
  const drums = session.drummer({ level: 0, room: -200 });
  for (const beat of beats) drums.hit("rim", beat, 1);
  const signal = session.mix();
  const times: number[] = [];
  for (let i = 0, quietUntil = 0; i < signal.length; i++) {
    if (i < quietUntil || Math.abs(signal[i]) < 0.02) continue;
    times.push(i / 8000);
    quietUntil = i + 1500;
  }
  return times.map((time) => time - times[0]);
}

describe("Session", () => {
  it("swings: the second half of a beat begins later", () => {
    const beats = [3, 3.5, 4];
    expect(onsets({}, beats)).toEqual([0, 0.5, 1].map((time) => expect.closeTo(time, 2)));
    expect(onsets({ swing: 2 / 3 }, beats)).toEqual([0, 0.667, 1].map((time) => expect.closeTo(time, 2)));
    // Sixteenths: a quarter of a beat comes at 0.6 of half a beat.
    expect(onsets({ sixteenthSwing: 0.6 }, [3, 3.25, 3.5])).toEqual(
      [0, 0.3, 0.5].map((time) => expect.closeTo(time, 2)),
    );
  });

  it("leaves out what would begin after the end", () => {
    const session = new Session({ seed: 1, seconds: 1, sampleRate: 8000 }, new Generator(1), { tempo: 120 });
    session.player("flute", { level: 0 }).note(69, 100, 1, 1);
    session.drummer({ level: 0 }).hit("kick", 100, 1);
    expect(session.mix()).toEqual(new Float32Array(8000));
  });
});

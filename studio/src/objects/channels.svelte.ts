/** @file The channels that the sound of all views was recorded in, for views that show them one by one. */
import type { Sound } from "../sound/player.svelte.ts";
import { currentSound } from "./objects.svelte.ts";

/** Their mean, or each of them. */
export type ChannelsShown = "mean" | "each";

export interface SoundChannels {
  /** The samples of each channel; undefined where the mean is shown, or they are still being read. */
  readonly each: readonly Float32Array[] | undefined;
  /** Why they could not be read, in words. */
  readonly failure: string | undefined;
}

/** Reads the channels while they are wanted; of a component. */
export function soundChannels(shown: () => ChannelsShown): SoundChannels {
  let found = $state.raw<{ readonly of: Sound; readonly channels: readonly Float32Array[] }>();
  let failure = $state<string>();
  $effect(() => {
    const sound = currentSound();
    failure = undefined;
    if (shown() === "mean") return;
    sound.recorded?.read?.().then(
      (channels) => (found = { of: sound, channels }),
      (error: unknown) => (failure = error instanceof Error ? error.message : String(error)),
    );
  });
  return {
    get each() {
      return shown() === "each" && found?.of === currentSound() ? found.channels : undefined;
    },
    get failure() {
      return failure;
    },
  };
}

/** "left", "right"; "channel 1" where there are more than two. */
export function channelName(channel: number, count: number): string {
  return count === 2 ? ["left", "right"][channel] : `channel ${channel + 1}`;
}

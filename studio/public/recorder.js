/**
 * @file Takes the samples of a microphone off the audio thread: an AudioWorklet, which browsers load as a file of its own. The channels
 * are averaged; samples are handed on in blocks of a tenth of a second.
 */
class Recorder extends AudioWorkletProcessor {
  size = Math.ceil(sampleRate / 10);
  block = new Float32Array(this.size);
  held = 0;

  process([channels]) {
    for (let i = 0; i < (channels[0]?.length ?? 0); i++) {
      let sum = 0;
      for (const channel of channels) sum += channel[i];
      this.block[this.held++] = sum / channels.length;
      if (this.held < this.size) continue;
      this.port.postMessage(this.block, [this.block.buffer]);
      this.block = new Float32Array(this.size);
      this.held = 0;
    }
    return true;
  }
}
registerProcessor("recorder", Recorder);

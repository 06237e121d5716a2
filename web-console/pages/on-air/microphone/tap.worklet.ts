/**
 * Runs on the browser's sound thread: gathers the microphone's samples into blocks of ten milliseconds and hands them
 * over. An input that is gone (unplugged, or taken by a call) is silence, so that the blocks keep their pace.
 */

// What is there in an AudioWorkletGlobalScope; TypeScript's own library does not tell of it.
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: Options) => AudioWorkletProcessor,
): void;

interface Options {
  readonly processorOptions: { readonly blockSamples: number };
}

class Tap extends AudioWorkletProcessor {
  readonly #size: number;
  #block: Float32Array<ArrayBuffer>;
  #filled = 0;

  constructor({ processorOptions }: Options) {
    super();
    this.#size = processorOptions.blockSamples;
    this.#block = new Float32Array(this.#size);
  }

  process(
    inputs: readonly (readonly Float32Array[])[],
    outputs: readonly (readonly Float32Array[])[],
  ): boolean {
    const samples = inputs[0]?.[0];
    const count = samples?.length ?? outputs[0]?.[0]?.length ?? 128;
    for (let index = 0; index < count; index += 1) {
      this.#block[this.#filled] = samples?.[index] ?? 0;
      this.#filled += 1;
      if (this.#filled < this.#size) continue;
      this.port.postMessage(this.#block, [this.#block.buffer]);
      this.#block = new Float32Array(this.#size);
      this.#filled = 0;
    }
    return true;
  }
}

registerProcessor('loa-tap', Tap);

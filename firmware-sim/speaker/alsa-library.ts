/** A function of a C library. */
type Native = (...args: unknown[]) => number;

/** What is used of libasound; pointers are opaque. Negative results are errors, as `-errno`. */
export interface AlsaLibrary {
  open(pointer: [unknown], name: string, stream: number, mode: number): number;
  close: Native;
  prepare: Native;
  drop: Native;
  state: Native;
  delay(pcm: unknown, frames: [number]): number;
  write(pcm: unknown, samples: Int16Array, frames: number): number;
  parametersNew(pointer: [unknown]): number;
  parametersFree: Native;
  parametersAny: Native;
  setResample: Native;
  setAccess: Native;
  setFormat: Native;
  setChannels: Native;
  setRate: Native;
  setBufferTime(pcm: unknown, parameters: unknown, microseconds: [number], direction: null): number;
  setPeriodTime(pcm: unknown, parameters: unknown, microseconds: [number], direction: null): number;
  apply: Native;
  getParams(pcm: unknown, buffer: [number], period: [number]): number;
  /** What an error number means. */
  explain(code: number): string;
}

const LIBRARY = 'libasound.so.2';

/** Loads it only when a card is asked for: most devices have none. @throws {Error} with what to install. */
export async function loadAlsa(): Promise<AlsaLibrary> {
  const koffi = await import('koffi').catch((error: unknown) => {
    throw new Error('cannot speak to sound cards without the package koffi: run npm install koffi', {
      cause: error,
    });
  });
  const library = (() => {
    try {
      return koffi.load(LIBRARY);
    } catch (error) {
      throw new Error(`cannot load ${LIBRARY}: install it, on Debian with apt-get install libasound2`, {
        cause: error,
      });
    }
  })();
  const explain = library.func('const char *snd_strerror(int code)');
  const hw = (name: string, rest: string): Native =>
    library.func(`int snd_pcm_hw_params_${name}(void *pcm, void *parameters, ${rest})`);
  return {
    open: library.func('int snd_pcm_open(_Out_ void **pcm, const char *name, int stream, int mode)'),
    close: library.func('int snd_pcm_close(void *pcm)'),
    prepare: library.func('int snd_pcm_prepare(void *pcm)'),
    drop: library.func('int snd_pcm_drop(void *pcm)'),
    state: library.func('int snd_pcm_state(void *pcm)'),
    delay: library.func('int snd_pcm_delay(void *pcm, _Out_ long *frames)'),
    write: library.func('long snd_pcm_writei(void *pcm, const void *samples, unsigned long frames)'),
    parametersNew: library.func('int snd_pcm_hw_params_malloc(_Out_ void **parameters)'),
    parametersFree: library.func('void snd_pcm_hw_params_free(void *parameters)'),
    parametersAny: library.func('int snd_pcm_hw_params_any(void *pcm, void *parameters)'),
    setResample: hw('set_rate_resample', 'unsigned int on'),
    setAccess: hw('set_access', 'int access'),
    setFormat: hw('set_format', 'int format'),
    setChannels: hw('set_channels', 'unsigned int count'),
    setRate: hw('set_rate', 'unsigned int rate, int direction'),
    setBufferTime: hw('set_buffer_time_near', '_Inout_ unsigned int *microseconds, int *direction'),
    setPeriodTime: hw('set_period_time_near', '_Inout_ unsigned int *microseconds, int *direction'),
    apply: library.func('int snd_pcm_hw_params(void *pcm, void *parameters)'),
    getParams: library.func(
      'int snd_pcm_get_params(void *pcm, _Out_ unsigned long *buffer, _Out_ unsigned long *period)',
    ),
    explain: (code) => String(explain(code)),
  };
}

/** The WebAssembly build of eSpeak NG; each call is one run of its command line, in a file system of its own. */
declare module 'espeak-ng' {
  interface EspeakFiles {
    writeFile(name: string, content: string | Uint8Array): void;
    readFile(name: string): Uint8Array<ArrayBuffer>;
  }
  interface EspeakRun {
    readonly FS: EspeakFiles;
  }
  export default function ESpeakNg(options: {
    readonly arguments: readonly string[];
    readonly preRun?: readonly ((run: EspeakRun) => void)[];
    readonly print?: (line: string) => void;
    readonly printErr?: (line: string) => void;
  }): Promise<EspeakRun>;
}

// Runs a WASI command under Node: guest.mjs MODULE SHARED [ARGUMENT...], with the directory SHARED as /shared.
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';

const [file, shared, ...args] = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1', args: [file, ...args], preopens: { '/shared': shared } });
const module = await WebAssembly.compile(await readFile(file));
process.exitCode = wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));

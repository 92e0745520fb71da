import { greeting } from "./greeting";

const parts: string[] = [greeting, "from a bundle made by esbuild in a WASI pod"];
console.log(parts.join(" "));

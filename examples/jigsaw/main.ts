/** `node examples/jigsaw/main.ts [port]`: serves the page until Ctrl-C. The package must be built: `npm run build`. */
import { serve } from "./serve.ts";

const port = Number(process.argv[2] ?? 8080);
if (!Number.isInteger(port) || port < 0 || port > 65535) throw new RangeError(`jigsaw: expected a port from 0 to 65535, got "${process.argv[2]}"`);
const { address, stop } = await serve(port);
console.log(`The jigsaw is at ${address} (Ctrl-C ends it).`);
process.once("SIGINT", () => void stop());

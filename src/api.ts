export { key, type Key, type KeyJSON } from "./key.ts";

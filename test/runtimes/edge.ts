import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EdgeVM } from "@edge-runtime/vm";
import { build, type Plugin } from "esbuild";
import { root, type Runtime } from "./runtime.ts";

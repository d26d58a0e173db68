// Validates SARIF logs against the schema; names what is wrong and where. usage: node validate.mjs FILE…
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const schema = JSON.parse(readFileSync(fileURLToPath(import.meta.resolve('@microsoft/sarif-multitool-linux/sarif-2.1.0.json')), 'utf8').replace(/^\uFEFF/, ''));
const ajv = new Ajv({ allErrors: true, strict: false });
addFormats(ajv);
const isValid = ajv.compile(schema);
let wrong = 0;
for (const file of process.argv.slice(2)) {
  if (isValid(JSON.parse(readFileSync(file, 'utf8')))) continue;
  wrong++;
  for (const error of isValid.errors) console.log(`${file}: ${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`);
}
process.exit(wrong ? 1 : 0);

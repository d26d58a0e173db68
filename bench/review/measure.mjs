// Times AgentHost's and squawk's review of the same files, in turn, and warm calls of review_migration over MCP.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const [agenthost, rounds, count] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const squawk = join(here, "node_modules/.bin/squawk");
const median = values => values.toSorted((a, b) => a - b)[values.length >> 1];
const percentile = (values, share) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

// A small generator with a fixed seed (mulberry32), so that every run reviews the same text.
let state = 42;
const random = () => { state = (state + 0x6d2b79f5) | 0; let t = Math.imul(state ^ (state >>> 15), 1 | state); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t; return ((t ^ (t >>> 14)) >>> 0) / 4294967296; };
const pick = items => items[Math.floor(random() * items.length)];
const table = () => pick(['orders', 'customers', 'invoices', 'tasks', 'projects', 'comments', 'payments', 'sessions']);
const column = () => pick(['status', 'email', 'total', 'note', 'customer_id', 'created_at', 'priority', 'slug']);
const statements = [
  () => `CREATE TABLE ${table()}_${Math.floor(random() * 1e6)} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now());`,
  () => `ALTER TABLE ${table()} ADD COLUMN ${column()}_new text;`,
  () => `ALTER TABLE ${table()} ADD COLUMN ${column()}_flag boolean NOT NULL DEFAULT false;`,
  () => `CREATE INDEX CONCURRENTLY ${table()}_${column()}_idx ON ${table()} (${column()}, created_at DESC);`,
  () => `CREATE INDEX ${table()}_${column()}_partial ON ${table()} (${column()}) WHERE status = 'open';`,
  () => `ALTER TABLE ${table()} ADD CONSTRAINT ${table()}_fk FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;`,
  () => `ALTER TABLE ${table()} VALIDATE CONSTRAINT ${table()}_fk;`,
  () => `ALTER TABLE ${table()} ALTER COLUMN ${column()} SET NOT NULL;`,
  () => `ALTER TABLE ${table()} ALTER COLUMN ${column()} TYPE bigint;`,
  () => `ALTER TABLE ${table()} RENAME COLUMN ${column()} TO ${column()}_old;`,
  () => `UPDATE ${table()} SET ${column()} = NULL WHERE ${column()} = '' AND created_at < now() - interval '90 days';`,
  () => `COMMENT ON COLUMN ${table()}.${column()} IS 'Kept for the reports of ${Math.floor(random() * 100)}';`,
];
const migration = size => Array.from({ length: size }, () => pick(statements)()).join('\n') + '\n';

const folder = mkdtempSync(join(tmpdir(), 'agenthost-bench-'));
mkdirSync(join(folder, 'files'));
const files = Array.from({ length: count }, (_, index) => { const name = `files/${String(index).padStart(4, '0')}.sql`; writeFileSync(join(folder, name), migration(8)); return name; });

function time(command, args) {
  const started = process.hrtime.bigint();
  const done = spawnSync(command, args, { cwd: folder, maxBuffer: 1 << 30, encoding: 'utf8' });
  if (done.error || done.status > 1) throw new Error(`${command}: ${done.error ?? done.stderr}`);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

const tools = [
  { name: 'AgentHost, --format json', run: () => time(agenthost, ['review', '--format', 'json', ...files]) },
  { name: 'squawk 2.66.0, --reporter json', run: () => time(squawk, ['--reporter', 'json', ...files]) },
];
const samples = tools.map(() => []);
for (let round = 0; round <= rounds; round++)
  for (const [index, tool] of tools.entries()) { const sample = tool.run(); if (round > 0) samples[index].push(sample); }

console.log(`${count} files of eight statements through one process, ${rounds} rounds in turn on ${cpus().length} × ${cpus()[0].model}\n`);
console.log('| reviewer | median ms | min ms | max ms |\n|---|--:|--:|--:|');
for (const [index, tool] of tools.entries())
  console.log(`| ${tool.name} | ${median(samples[index]).toFixed(0)} | ${Math.min(...samples[index]).toFixed(0)} | ${Math.max(...samples[index]).toFixed(0)} |`);
console.log(`\nAgentHost: ${(median(samples[0]) / median(samples[1])).toFixed(2)} × squawk\n`);

// Warm calls over MCP: one after the other, in one process.
const server = spawn(agenthost, ['serve'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
const waiting = new Map();
createInterface({ input: server.stdout }).on('line', line => { const reply = JSON.parse(line); waiting.get(reply.id)?.(reply); waiting.delete(reply.id); });
let id = 0;
const call = (method, params) => new Promise(resolve => { waiting.set(++id, resolve); server.stdin.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }) + '\n'); });
const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024;
await call('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } });
const texts = Array.from({ length: 50 }, () => migration(20));
const times = [];
const resident = [];
for (let calls = 1; calls <= 10_000; calls++) {
  const started = process.hrtime.bigint();
  const reply = await call('tools/call', { name: 'review_migration', arguments: { sql: texts[calls % texts.length] } });
  if (!reply.result || reply.result.isError) throw new Error(JSON.stringify(reply));
  if (calls > 500) times.push(Number(process.hrtime.bigint() - started) / 1e6);
  if (calls === 1_000 || calls % 3_000 === 1_000) resident.push(`${memory().toFixed(0)} MB after ${calls}`);
}
console.log(`A warm review_migration of 20 statements over MCP: p50 ${median(times).toFixed(2)} ms, p95 ${percentile(times, 0.95).toFixed(2)} ms, p99 ${percentile(times, 0.99).toFixed(2)} ms`);
console.log(`Memory of the server: ${resident.join(', ')}`);
server.kill('SIGTERM');
rmSync(folder, { recursive: true });

// Starts each server in turn, speaks MCP to it over stdio, and times the way to the reply of the first tools/list.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cpus } from 'node:os';

const here = fileURLToPath(new URL('.', import.meta.url));
const [agenthost, rounds] = [process.argv[2], Number(process.argv[3])];
const node = process.execPath;
const servers = [
  { name: 'AgentHost', command: [agenthost, 'serve'] },
  { name: '@bytebase/dbhub 1.4.0 (demo database)', command: [node, `${here}node_modules/@bytebase/dbhub/dist/index.js`, '--transport', 'stdio', '--demo'] },
  // Its argument is only parsed at start; nothing is connected before the first call.
  { name: '@modelcontextprotocol/server-postgres 0.6.2', command: [node, `${here}node_modules/@modelcontextprotocol/server-postgres/dist/index.js`, 'postgresql://localhost/postgres'] },
];

function coldStart([file, ...args]) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let errors = '';
    child.stderr.on('data', chunk => { errors += chunk; });
    const send = message => child.stdin.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
    const limit = setTimeout(() => { child.kill('SIGKILL'); reject(new Error(`${file}: no answer in 20 s\n${errors}`)); }, 20_000);
    child.once('error', reject);
    createInterface({ input: child.stdout }).on('line', line => {
      const reply = JSON.parse(line);
      if (reply.id === 1) { send({ method: 'notifications/initialized' }); send({ id: 2, method: 'tools/list' }); }
      if (reply.id !== 2) return;
      const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
      clearTimeout(limit);
      if (!reply.result?.tools?.length) return reject(new Error(`${file}: no tools: ${line}`));
      child.once('exit', () => resolve({ milliseconds, tools: reply.result.tools.length, bytes: Buffer.byteLength(line) }));
      child.kill('SIGTERM');
    });
    send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'cold-start', version: '1' } } });
  });
}

const median = values => values.toSorted((a, b) => a - b)[values.length >> 1];
const samples = servers.map(() => []);
for (let round = 0; round <= rounds; round++)
  for (const [index, server] of servers.entries()) {
    const sample = await coldStart(server.command);
    if (round > 0) samples[index].push(sample);
  }

console.log(`${rounds} rounds in turn on ${cpus().length} × ${cpus()[0].model}, node ${process.version}\n`);
console.log('| server | median ms | min ms | max ms | tools | bytes of tools/list |');
console.log('|---|--:|--:|--:|--:|--:|');
for (const [index, server] of servers.entries()) {
  const times = samples[index].map(sample => sample.milliseconds);
  const { tools, bytes } = samples[index][0];
  console.log(`| ${server.name} | ${median(times).toFixed(0)} | ${Math.min(...times).toFixed(0)} | ${Math.max(...times).toFixed(0)} | ${tools} | ${bytes} |`);
}
const ratios = servers.slice(1).map((server, index) => `${(median(samples[0].map(s => s.milliseconds)) / median(samples[index + 1].map(s => s.milliseconds))).toFixed(2)} × ${server.name}`);
console.log(`\nAgentHost: ${ratios.join(', ')}`);

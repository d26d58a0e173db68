// Times remembering and recalling over MCP, AgentHost beside the protocol's reference memory server, each with the same entries.
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const [agenthost, count, rounds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const peer = join(here, 'node_modules/@modelcontextprotocol/server-memory/dist/index.js');
const percentile = (values, share) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const figure = value => value < 10 ? value.toFixed(1) : value.toFixed(0);

// The labelled entries over and over, each time about other tables, so that texts have the length and the words of real ones.
const kinds = [['L', 'learnings'], ['D', 'decisions'], ['I', 'issues']];
const sections = kinds.flatMap(([letter, file]) => readFileSync(join(here, `cases/memory/${file}.md`), 'utf8').split(/^(?=## )/m).slice(1).map(text => ({ letter, file, text })));
const tables = ['orders', 'customers', 'invoices', 'tasks', 'projects', 'comments', 'payments', 'sessions', 'devices', 'readings', 'pages', 'teams'];
const entry = index => {
  const { letter, file, text } = sections[index % sections.length];
  const [heading, ...rest] = text.trimEnd().split('\n');
  const title = `${heading.replace(/^## \S+: /, '')}, ${tables[index % tables.length]} ${Math.floor(index / sections.length)}`;
  const fields = rest.filter(line => /^- (when|by|tags|scope|status):/.test(line)), body = rest.filter(line => !/^- \w+:/.test(line)).join('\n').trim();
  return { file, title, body, text: `\n## ${letter}-20260101-${index.toString(32).padStart(6, '0')}: ${title}\n${fields.join('\n')}\n\n${body}\n` };
};
const questions = readFileSync(join(here, 'cases/recall.tsv'), 'utf8').trimEnd().split('\n').map(line => line.split('\t')[0]);

function folderOf(size) {
  const folder = mkdtempSync(join(tmpdir(), 'agenthost-bench-'));
  const entries = Array.from({ length: size }, (_, index) => entry(index));
  mkdirSync(join(folder, 'memory'));
  for (const [, file] of kinds)
    writeFileSync(join(folder, `memory/${file}.md`), `# ${file}\n${entries.filter(each => each.file === file).map(each => each.text).join('')}`);
  writeFileSync(join(folder, 'graph.jsonl'), entries.map(({ title, body, file }) => JSON.stringify({ type: 'entity', name: title, entityType: file, observations: [body] })).join('\n'));
  return folder;
}

class Client {
  constructor([file, ...args], folder, started = process.hrtime.bigint()) {
    this.started = started;
    this.child = spawn(file, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, MEMORY_FILE_PATH: join(folder, 'graph.jsonl') } });
    this.waiting = new Map();
    this.errors = '';
    this.child.stderr.on('data', chunk => { this.errors += chunk; });
    this.child.once('exit', code => { for (const { reject } of this.waiting.values()) reject(new Error(`${file} ended (${code}): ${this.errors}`)); });
    createInterface({ input: this.child.stdout }).on('line', line => { const reply = JSON.parse(line); this.waiting.get(reply.id)?.resolve(reply); this.waiting.delete(reply.id); });
    this.id = 0;
  }
  request(method, params) {
    const id = ++this.id;
    this.child.stdin.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }) + '\n');
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }
  async open() {
    await this.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } });
    this.child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    await this.request('tools/list');
    return Number(process.hrtime.bigint() - this.started) / 1e6;
  }
  async time(name, args) {
    const from = process.hrtime.bigint();
    const reply = await this.request('tools/call', { name, arguments: args });
    if (reply.error || reply.result.isError) throw new Error(`${name}: ${JSON.stringify(reply).slice(0, 400)}`);
    return Number(process.hrtime.bigint() - from) / 1e6;
  }
  close() { return new Promise(resolve => { this.child.once('exit', resolve); this.child.kill('SIGTERM'); }); }
}

const servers = [
  { name: 'AgentHost', command: [agenthost, 'serve'],
    remember: index => ['remember', { kind: 'learning', title: `Note ${index}`, text: entry(index).body || 'text', tags: ['bench'] }],
    recall: query => ['recall', { query, max: 10 }], first: ['recall', {}] },
  { name: '@modelcontextprotocol/server-memory 2026.8.31', command: [process.execPath, peer],
    remember: index => ['create_entities', { entities: [{ name: `Note ${index}`, entityType: 'learning', observations: [entry(index).body || 'text'] }] }],
    recall: query => ['search_nodes', { query: query.split(' ').toSorted((a, b) => b.length - a.length)[0] }], first: ['search_nodes', { query: 'checkout' }] },
];

const folders = [folderOf(10), folderOf(count)];
try {
  const rows = servers.map(() => ({ open: [[], []], first: [[], []], remember: [], recall: [] }));
  for (let round = 0; round <= rounds; round++)
    for (const [index, server] of servers.entries())
      for (const [size, folder] of folders.entries()) {
        const client = new Client(server.command, folder);
        const opened = await client.open(), first = await client.time(...server.first);
        if (round > 0) { rows[index].open[size].push(opened); rows[index].first[size].push(first); }
        await client.close();
      }
  for (const [index, server] of servers.entries()) {
    const client = new Client(server.command, folders[1]);
    await client.open();
    for (const query of questions.slice(0, 20)) await client.time(...server.recall(query));
    for (let i = 0; i < 300; i++) rows[index].recall.push(await client.time(...server.recall(questions[i % questions.length])));
    for (let i = 0; i < 320; i++) { const took = await client.time(...server.remember(i)); if (i >= 20) rows[index].remember.push(took); }
    await client.close();
  }
  console.log(`${count} entries, over MCP and stdio, on ${cpus().length} × ${cpus()[0].model}; starts: medians of ${rounds} in turn\n`);
  console.log(`| server | start, ms | its first answer from the memory, ms | remember p50, p99 ms | recall p50, p99 ms |\n|---|--:|--:|--:|--:|`);
  for (const [index, server] of servers.entries()) {
    const { open, first, remember, recall } = rows[index];
    const both = times => times.map(each => figure(percentile(each, 0.5))).join(' → ');
    console.log(`| ${server.name} | ${both(open)} | ${both(first)} | ${figure(percentile(remember, 0.5))}, ${figure(percentile(remember, 0.99))} | ${figure(percentile(recall, 0.5))}, ${figure(percentile(recall, 0.99))} |`);
  }
  console.log(`\n10 → ${count} entries in the columns with an arrow. A start is from the process' start to the reply of tools/list.`);
  console.log('AgentHost flushes an entry to disk twice and reads it back; its peer writes its whole file anew without a flush, and finds words as they are written, in no order.');
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true });
}

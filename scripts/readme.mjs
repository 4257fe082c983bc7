// Runs README.md as a newcomer would: a fresh clone of HEAD, then every `$ ./…` of its console blocks, in order. Each output line
// shown there must appear, in order, ids and numbers aside; `[…]` stands for lines left out, `^C` for SIGINT to the whole process
// group, as a terminal sends it. The paste that ./run prints is run too, and answers with the members of the README's JSON block.
// Afterwards no process of the clone may be left.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const limitMinutes = 40;
const shape = (line) => line
  .replace(/\x1b(\[[?0-9;]*[a-zA-Z]|=)/g, '')
  .replace(/\b[0-9a-f]{8}-[0-9a-f-]{4,}…?/g, '<id>')
  .replace(/\b(vapk_live|vop)_[0-9a-f]+…?/g, '<$1>')
  .replace(/\d+(\.\d+)?/g, '<n>')
  .replace(/\s+/g, ' ')
  .trim();

function sessionsOf(readme) {
  const blocks = [...readme.matchAll(/^```console\n([\s\S]*?)^```/gm)].map((match) => match[1].split('\n'));
  return blocks.filter((lines) => lines[0].startsWith('$ ./')).map(([command, ...shown]) => {
    const markers = shown.map(shape).filter((line) => line && line !== '[…]');
    const stop = markers.indexOf('^C');
    return stop < 0
      ? { command: command.slice(2), before: markers, after: [], interrupted: false }
      : { command: command.slice(2), before: markers.slice(0, stop), after: markers.slice(stop + 1), interrupted: true };
  });
}

/** The first marker that does not appear after the one before it, or undefined. */
function missing(markers, output) {
  const lines = output.split('\n').map(shape);
  let from = 0;
  for (const marker of markers) {
    const found = lines.indexOf(marker, from);
    if (found < 0) return marker;
    from = found + 1;
  }
  return undefined;
}

/** Runs one command of the README. `whenUp` is called once all that is shown before ^C has appeared. */
async function run(session, folder, whenUp) {
  const child = spawn('bash', ['-c', `exec ${session.command}`], { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let code;
  const keep = (chunk) => { output += chunk; process.stdout.write(chunk); };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  child.on('close', (status, signal) => { code = status ?? signal; });
  const deadline = Date.now() + limitMinutes * 60_000;
  const until = async (done) => {
    while (code === undefined && !done()) {
      if (Date.now() > deadline) {
        process.kill(-child.pid, 'SIGINT');
        throw new Error(`not done within ${limitMinutes} minutes`);
      }
      await wait(100);
    }
  };
  if (session.interrupted) {
    await until(() => missing(session.before, output) === undefined);
    try {
      if (code === undefined) await whenUp(output);
    } finally {
      if (code === undefined) process.kill(-child.pid, 'SIGINT');
      await until(() => false);
    }
  } else {
    await until(() => false);
  }
  const lost = missing([...session.before, ...session.after], output);
  if (lost !== undefined) throw new Error(`the README shows a line that did not appear: ${lost}`);
  if (code !== 0) throw new Error(`ended with ${code}`);
}

/** The indented lines of the printed paste, run by bash; the last line of their output is the lead. */
function paste(output, folder, members) {
  const lines = output.split('\n');
  const first = lines.findIndex((line) => line.startsWith('  KEY='));
  const last = lines.findIndex((line, index) => index > first && line.trim() === '');
  const lead = JSON.parse(execFileSync('bash', ['-c', lines.slice(first, last).join('\n')], { cwd: folder, encoding: 'utf8' }));
  const got = Object.keys(lead).join();
  if (got !== members.join()) throw new Error(`the lead has the members ${got}, the README shows ${members.join()}`);
}

async function survivors(folder) {
  for (let turn = 0; turn < 100; turn++) {
    const left = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n').filter((line) => line.includes(folder));
    if (left.length === 0) return;
    if (turn === 99) throw new Error(`processes are left: ${left.join('; ')}`);
    await wait(100);
  }
}

const root = process.cwd();
const parent = mkdtempSync(join(tmpdir(), 'vorel-readme-'));
const folder = join(parent, 'vorel');
const count = { passed: 0, failed: 0 };
async function check(name, work) {
  console.log(`\n── ${name}`);
  const began = Date.now();
  try {
    await work();
    count.passed++;
    console.log(`── ${name}: passed (${Math.round((Date.now() - began) / 1000)} s)`);
  } catch (error) {
    count.failed++;
    console.log(`── ${name}: FAILED: ${error.message}`);
  }
}

execFileSync('git', ['clone', '--quiet', root, folder]);
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const members = Object.keys(JSON.parse(/^```json\n([\s\S]*?)^```/m.exec(readme)[1]));
const sessions = sessionsOf(readme);
await check('the README shows ./run and ./test', () => {
  for (const command of ['./run', './test']) {
    if (!sessions.some((session) => session.command === command)) throw new Error(`no console block starts with $ ${command}`);
  }
});
for (const session of sessions) {
  await check(session.command, () => run(session, folder, (output) => check('the printed paste', () => paste(output, folder, members))));
  await check(`nothing is left of ${session.command}`, () => survivors(folder));
}
rmSync(parent, { recursive: true, force: true });
console.log(`${count.passed} passed, ${count.failed} failed, 0 skipped`);
process.exit(count.failed === 0 ? 0 : 1);

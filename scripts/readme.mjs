// Runs the two commands that README.md shows, in a fresh clone of HEAD, and sees that what it shows comes in that order.
// ./test readme calls this. It ends in the same line as ./test.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const limitMs = 30 * 60_000;
const root = process.cwd();
const clone = join(mkdtempSync(join(tmpdir(), 'vorel-readme-')), 'vorel');
execFileSync('git', ['clone', '--quiet', root, clone], { stdio: 'inherit' });

// The first console block under a heading: the command, and the lines it shows.
function shown(heading) {
  const readme = readFileSync(join(clone, 'README.md'), 'utf8');
  const block = new RegExp(`^## ${heading}$[\\s\\S]*?\`\`\`console\\n\\$ (.+)\\n([\\s\\S]*?)\`\`\``, 'm').exec(readme);
  if (!block) throw new Error(`README.md shows no command under '${heading}'.`);
  return { command: block[1], lines: block[2].split('\n').filter((line) => line.trim() !== '') };
}

// What differs from run to run (numbers, times, ids) matches any of its kind; the rest must be the same.
function pattern(line) {
  const escaped = line.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^\\s*${escaped.replace(/\d+/g, '\\d+')}`);
}

function run({ command, lines }, { untilSeen }) {
  return new Promise((resolve) => {
    console.log(`$ ${command}`);
    const child = spawn(command, { cwd: clone, shell: '/bin/bash', detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), limitMs);
    const wanted = lines.map(pattern);
    let next = 0;
    let rest = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      const parts = (rest + chunk).split('\n');
      rest = parts.pop();
      for (const part of parts) if (next < wanted.length && wanted[next].test(part)) next++;
      if (untilSeen && next === wanted.length) {
        untilSeen = false;
        process.kill(-child.pid, 'SIGINT');
      }
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      const missing = lines[next];
      if (missing) console.log(`README.md shows '${missing}', which did not come.`);
      resolve({ code, complete: next === lines.length, group: child.pid });
    });
  });
}

function anyLeft(group) {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

const outcomes = [];
function check(what, holds) {
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}`);
  outcomes.push(holds);
}

const start = await run(shown('Start it'), { untilSeen: true });
check('what README.md shows of ./run came, in order', start.complete);
check('./run ended on Ctrl-C, with 0 or 130', start.code === 0 || start.code === 130);
check('./run left no process behind', !anyLeft(start.group));

const test = await run(shown('Test it'), { untilSeen: false });
check('what README.md shows of ./test came, in order', test.complete);
check('./test exited 0', test.code === 0);

rmSync(join(clone, '..'), { recursive: true, force: true });
const failed = outcomes.filter((holds) => !holds).length;
console.log(`${outcomes.length - failed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 ? 0 : 1);

// Adds up the counters of the .trx files of a test run, says what failed and why, and prints the one closing line.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, status] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const text = (xml) => xml.replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16))).replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => entities[name]);
for (const file of readdirSync(folder).filter((name) => name.endsWith('.trx'))) {
  const trx = readFileSync(join(folder, file), 'utf8');
  for (const [, name, result] of trx.matchAll(/<UnitTestResult [^>]*testName="([^"]*)"[^>]*outcome="Failed"[^>]*>([\s\S]*?)<\/UnitTestResult>/g)) {
    const [message, stack] = ['Message', 'StackTrace'].map((part) => new RegExp(`<${part}>([\\s\\S]*?)</${part}>`).exec(result)?.[1] ?? '');
    console.log(`FAILED ${text(name)}\n${text(message)}\n${text(stack)}\n`);
  }

  const counters = /<Counters ([^>]*)\/>/.exec(trx)[1];
  const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(counters)[1]);
  total.passed += count('passed');
  total.failed += count('failed') + count('error') + count('timeout') + count('aborted');
  total.skipped += count('total') - count('executed');
}

// A runner that broke without counting a failure must not look green.
if (status !== '0' && total.failed === 0) total.failed = 1;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

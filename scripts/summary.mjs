// Adds up the counters of the .trx files of a test run and prints the one closing line.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, status] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const file of readdirSync(folder).filter((name) => name.endsWith('.trx'))) {
  const counters = /<Counters ([^>]*)\/>/.exec(readFileSync(join(folder, file), 'utf8'))[1];
  const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(counters)[1]);
  total.passed += count('passed');
  total.failed += count('failed') + count('error') + count('timeout') + count('aborted');
  total.skipped += count('total') - count('executed');
}

// A runner that broke without counting a failure must not look green.
if (status !== '0' && total.failed === 0) total.failed = 1;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

// Reads vitest's JSON report and prints the last lines of .ci/run. Runs on the system's Node.
// node .ci/summary.mjs <report> <exit code of the check> <exit code of the tests>
import { readFileSync } from 'node:fs';

const [report = '', check, tests] = process.argv.slice(2);
let files = [];
const problems = check === '0' ? [] : ['npm run check'];
try {
  files = JSON.parse(readFileSync(report, 'utf8')).testResults;
} catch {
  problems.push('npm test wrote no report');
}
const all = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
const passed = all.filter((test) => test.status === 'passed').length;
const failed = all.filter((test) => test.status === 'failed');
const skipped = all.filter((test) => test.status !== 'passed' && test.status !== 'failed');
// a file that could not be loaded, or whose hooks failed, has no failed test of its own
for (const file of files)
  if (file.status === 'failed' && !failed.some((test) => test.file === file.name)) problems.push(file.name);
if (tests !== '0' && problems.length + failed.length === 0) problems.push('npm test');

for (const test of skipped) console.log(`skipped: ${test.fullName}`);
for (const test of failed) console.log(`failed: ${test.fullName}`);
for (const problem of problems) console.log(`failed: ${problem}`);
const bad = failed.length + problems.length;
console.log(`${passed} passed, ${bad} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
process.exitCode = bad > 0 ? 1 : 0;

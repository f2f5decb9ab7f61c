import { examine } from './run/checks.ts';
import { loadEnvFile } from './run/options.ts';

loadEnvFile();
const findings = await examine(process.env);
const width = Math.max(...findings.map(({ what }) => what.length));
for (const { what, found, advice } of findings) {
  console.log(`${advice === undefined ? 'ok     ' : 'PROBLEM'}  ${what.padEnd(width)}  ${found}`);
  if (advice !== undefined) console.log(`${' '.repeat(width + 11)}→ ${advice}`);
}
const problems = findings.filter(({ advice }) => advice !== undefined).length;
console.log(
  problems === 0
    ? '\nNothing is wrong.'
    : `\n${problems === 1 ? 'One thing needs' : `${problems} things need`} your attention.`,
);
process.exitCode = problems === 0 ? 0 : 1;

import { describeFindings, examine } from './run/checks.ts';

const findings = await examine(process.env);
console.log(describeFindings(findings));
process.exitCode = findings.some(({ advice }) => advice !== undefined) ? 1 : 0;

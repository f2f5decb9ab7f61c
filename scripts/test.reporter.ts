import { writeFileSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';

declare module 'vitest' {
  interface TaskMeta {
    /** Set by a contract suite that skips because its server is not there: the server's name and how to provide it. */
    absentServer?: string;
  }
}

/** What a run came to, handed from the runner to `scripts/test.ts`. */
export interface TestSummary {
  passed: number;
  failed: number;
  skipped: string[];
  absentServers: string[];
}

/** Writes the run's numbers to the file that SOUK_TEST_SUMMARY names. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[], reason: TestRunEndReason): void {
    const summary: TestSummary = { passed: 0, failed: unhandled.length, skipped: [], absentServers: [] };
    const absent = new Set<string>();
    for (const module of modules) {
      let failedHere = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') summary.passed += 1;
        else if (state === 'failed') failedHere += 1;
        else summary.skipped.push(`${module.relativeModuleId}: ${test.fullName}`);
        const server = test.meta().absentServer;
        if (server !== undefined) absent.add(server);
      }
      // A file that cannot load, or a hook that throws, has no failed test to count.
      if (module.state() === 'failed' && failedHere === 0) failedHere = 1;
      summary.failed += failedHere;
    }
    if (reason === 'interrupted' && summary.failed === 0) summary.failed = 1;
    summary.absentServers = [...absent].sort();
    const file = process.env.SOUK_TEST_SUMMARY;
    if (file) writeFileSync(file, JSON.stringify(summary));
  }
}

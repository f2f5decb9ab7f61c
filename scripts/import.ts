import { importFile } from './import/import-file.ts';
import { readImportOptions } from './import/options.ts';
import { explain, whenToldToStop } from './lifetime.ts';
import { loadEnvFile } from './run/options.ts';

/** `npm run import -- FILE`: ends with 0 where everything of the file is in the shop, with 1 where something is not. */
whenToldToStop(async () => {
  console.error('\nStopped. What was imported is kept; the same command goes on with the rest.');
  process.exit(130);
});

try {
  loadEnvFile();
  const options = readImportOptions(process.argv.slice(2), process.env, process.env.INIT_CWD ?? process.cwd());
  if (typeof options === 'string') console.log(options);
  else {
    const { report, remarks } = await importFile({ ...options, screen: process.stderr });
    console.log(`\n${report.summary(process.stdout.columns ?? 100, options.dryRun)}`);
    for (const remark of remarks) console.log(`\n${remark}`);
    process.exitCode = report.exitCode;
  }
} catch (error) {
  explain(error, 'The import stopped');
  process.exitCode = 1;
}
// Connections that are kept alive would keep the command from ending.
process.exit();

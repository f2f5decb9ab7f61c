import { createServer } from 'node:http';

// With its parent it ends too.
process.on('disconnect', () => process.exit());
createServer((_request, response) => response.end('ok')).listen(Number(process.env.SOUK_PORT), '127.0.0.1', () => {
  process.stdout.write('ready here\n');
});

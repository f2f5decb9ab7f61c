import { natsUsers } from '@souk/kit/distributed';
import { houses } from '@souk/router';

/** Prints nats-server's configuration for containers: one user per subgraph, who may say its own facts and no other's. */
const users = houses.map(({ name }) => {
  const variable = `NATS_PASSWORD_${name.toUpperCase()}`;
  const password = process.env[variable];
  if (!password) {
    console.error(`✗ ${variable} is not set.\n  "npm run secrets" makes a file with every secret.`);
    process.exit(1);
  }
  return { house: name, password };
});
console.log(
  [
    'server_name: souk',
    'listen: 0.0.0.0:4222',
    'http: 127.0.0.1:8222',
    'jetstream { store_dir: "/data" }',
    natsUsers(users),
  ].join('\n'),
);

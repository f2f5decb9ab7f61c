import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** Ports of this machine that nobody listens on, all different. */
export async function freePorts(many: number, host = '127.0.0.1'): Promise<number[]> {
  const servers = Array.from({ length: many }, () => createServer().listen(0, host));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** Whether somebody listens there. */
export async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Half a question whether a server is ready; `finish` asks the rest of it and resolves with the status. */
export async function beginAskingReady(url: string): Promise<{ finish(): Promise<number> }> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\n', resolve));
  return {
    async finish() {
      socket.write('\r\n');
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return Number(answer.toString().split(' ')[1]);
    },
  };
}

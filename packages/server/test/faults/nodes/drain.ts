import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The status in what a server writes, or null when it closes the connection without a word. */
function statusOn(socket: Socket): Promise<number | null> {
  return new Promise((resolve) => {
    socket.on('data', (answer) => resolve(Number(answer.toString().split(' ')[1])));
    socket.on('error', () => resolve(null));
    socket.on('close', () => resolve(null));
  });
}

/** Half a question whether a server is ready; `finish` asks the rest of it and resolves with the status, null when none came. */
export async function beginAskingReady(url: string): Promise<{ finish(): Promise<number | null> }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const status = statusOn(socket);
  await new Promise((resolve) => socket.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\n', resolve));
  // What was written before this is answered has been read: a connection of which nothing was read counts as idle.
  await fetch(`${url}/healthz`);
  return {
    async finish() {
      socket.write('\r\n');
      const answered = await status;
      socket.destroy();
      return answered;
    },
  };
}

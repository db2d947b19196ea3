const lookEveryMs = 500;

/**
 * Ends this process in order (SIGTERM) when the one that started it is gone. `npm start` runs us through a shell that does
 * not pass signals on: whoever stops npm would otherwise leave a server behind that keeps its port.
 */
export function stopWithParent() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, lookEveryMs).unref();
}

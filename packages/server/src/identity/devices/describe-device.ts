const MOST_REMEMBERED = 1_000;
const remembered = new Map<string, string>();

async function readUserAgent(userAgent: string): Promise<string> {
  // Loaded for the first list somebody looks at: most of what a server does needs no names.
  const { default: bowser } = await import('bowser');
  const { browser, os } = bowser.parse(userAgent);
  const system = os.name ?? '';
  if (!browser.name) return system || (userAgent.split(/[\s/]/)[0] ?? 'Unknown device');
  return system ? `${browser.name} on ${system}` : browser.name;
}

/** "Firefox on macOS", as far as the user agent says; "Unknown device" when it says nothing. */
export async function describeDevice(userAgent: string): Promise<string> {
  if (userAgent === '') return 'Unknown device';
  const text = userAgent.slice(0, 400);
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const name = await readUserAgent(text);
  // Few browsers make most requests; whoever invents new ones must not fill the memory.
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(text, name);
  return name;
}

/** "Firefox on macOS", as far as the user agent says; "Unknown device" when it says nothing. */
export async function describeDevice(userAgent: string): Promise<string> {
  if (userAgent === '') return 'Unknown device';
  // Loaded for the first list somebody looks at: most of what a server does needs no names.
  const { default: bowser } = await import('bowser');
  const { browser, os } = bowser.parse(userAgent.slice(0, 400));
  const system = os.name ?? '';
  if (!browser.name) return system || (userAgent.split(/[\s/]/)[0] ?? 'Unknown device');
  return system ? `${browser.name} on ${system}` : browser.name;
}

import bowser from 'bowser';

/** "Firefox on macOS", as far as the user agent says; "Unknown device" when it says nothing. */
export function describeDevice(userAgent: string): string {
  if (userAgent === '') return 'Unknown device';
  const { browser, os } = bowser.parse(userAgent.slice(0, 400));
  const system = os.name ?? '';
  if (!browser.name) return system || (userAgent.split(/[\s/]/)[0] ?? 'Unknown device');
  return system ? `${browser.name} on ${system}` : browser.name;
}

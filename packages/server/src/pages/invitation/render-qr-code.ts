import { type Html, html } from '../../platform/http/index.ts';

/** Light squares around the code, without which cameras do not find it. */
const MARGIN = 4;

/** A QR code as a picture in the page itself: nothing is fetched, and no policy has to allow it. */
export async function renderQrCode(text: string, label: string): Promise<Html> {
  const { create } = await import('qrcode');
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const dark = [...data].flatMap((square, at) =>
    square ? [`M${(at % size) + MARGIN} ${Math.floor(at / size) + MARGIN}h1v1h-1z`] : [],
  );
  const whole = size + 2 * MARGIN;
  return html`<svg class="qr" viewBox="0 0 ${whole} ${whole}" role="img" aria-label="${label}" shape-rendering="crispEdges">
<rect width="${whole}" height="${whole}" fill="#fff"/><path d="${dark.join('')}" fill="#000"/></svg>`;
}

declare module 'qrcode' {
  /** The squares of a QR code (ISO/IEC 18004), row by row; `data` holds 1 for a dark one. */
  export function create(
    text: string,
    options: { errorCorrectionLevel: 'L' | 'M' | 'Q' | 'H' },
  ): { modules: { size: number; data: Uint8Array } };
}

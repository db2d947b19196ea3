import { type Html, html } from '../../platform/http/index.ts';

const icon = (paths: Html): Html =>
  html`<svg class="icon" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.7" aria-hidden="true">${paths}</svg>`;

/** Small pictures beside words; they say nothing that the words do not. */
export const icons = {
  mark: html`<svg class="mark" viewBox="0 0 36 36" fill="none" stroke="currentColor" stroke-width="2.6" aria-hidden="true"><path d="M5 32V14L18 4l13 10v18"/><path d="M12 32V21a6 6 0 0 1 12 0v11"/></svg>`,
  passkey: icon(
    html`<circle cx="7" cy="8" r="3.5"/><path d="M10.5 8H18v3M15 8v2.5M2 17c.4-3 2.4-4.6 5-4.6 1.2 0 2.3.3 3.2.9"/>`,
  ),
  computer: icon(html`<rect x="3" y="4" width="14" height="9" rx="1.5"/><path d="M1 16h18"/>`),
  phone: icon(html`<rect x="6" y="2" width="8" height="16" rx="2"/>`),
  problem: icon(html`<circle cx="10" cy="10" r="8"/><path d="M10 5.8v5M10 13.6v.4"/>`),
  done: icon(html`<circle cx="10" cy="10" r="8"/><path d="m6.4 10.3 2.5 2.5 4.7-5"/>`),
};

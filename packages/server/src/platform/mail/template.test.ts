import { describe, expect, it } from 'vitest';
import { layoutMail, readableAccent, renderTemplate, TemplateError } from './index.ts';

const EVIL = '<img src=x onerror="alert(1)">&\'';

describe('a template', () => {
  // T-046
  it('escapes what it inserts in HTML, and leaves it plain in text', () => {
    expect(renderTemplate('<a t="{{x}}">', { x: EVIL }, 'html')).toBe(
      '<a t="&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;">',
    );
    expect(renderTemplate('{{x}}', { x: EVIL }, 'text')).toBe(EVIL);
  });

  // T-046
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('does not reach %s', (name) => {
    expect(renderTemplate(`[{{${name}}}{{#${name}}}x{{/${name}}}]`, {}, 'text')).not.toMatch(/function|object|\[x\]/i);
  });

  // T-046
  it('never reads an inserted value as a template', () => {
    expect(renderTemplate('{{a}}', { a: '{{b}}', b: 'secret' }, 'text')).toBe('{{b}}');
  });

  it('shows sections for true, texts and each entry of a list', () => {
    const template = '{{#on}}on{{/on}}{{#off}}off{{/off}}{{#list}}{{n}}{{outer}};{{/list}}{{#none}}none{{/none}}';
    expect(
      renderTemplate(template, { on: true, off: false, list: [{ n: 1 }, { n: 2 }], none: [], outer: '!' }, 'text'),
    ).toBe('on1!;2!;');
  });

  it('leaves unescaped and unknown forms as they are written', () => {
    expect(renderTemplate('{{{a}}} {{&a}} {{>a}} {{a.b}}', { a: '<' }, 'html')).toBe('{&lt;} {{&a}} {{>a}} {{a.b}}');
  });

  it.each(['{{#a}}', '{{/a}}', '{{#a}}{{#b}}{{/a}}{{/b}}'])('refuses the unbalanced %j', (template) => {
    expect(() => renderTemplate(template, {}, 'text')).toThrow(TemplateError);
  });

  // T-083
  it.each(['{', '{{', '{{ ', '{{#', '{{a', '}}'])('is read in linear time: 50 KB of %j', (part) => {
    const start = performance.now();
    renderTemplate(part.repeat(50_000 / part.length), {}, 'html');
    expect(performance.now() - start).toBeLessThan(50);
  });
});

describe('the layout of a mail', () => {
  const content = {
    heading: 'Your code',
    paragraphs: [EVIL],
    code: '123456',
    button: { label: 'Sign in', url: 'https://a.example/x?a=1&b=2' },
    reason: 'You asked to sign in.',
  };

  it('says the same in HTML and in text', () => {
    const { html, text } = layoutMail(content, { name: 'Example' });
    for (const words of ['Your code', '123456', 'Sign in', 'You asked to sign in.', 'Example']) {
      expect(html).toContain(words);
      expect(text).toContain(words);
    }
    expect(text).toContain('https://a.example/x?a=1&b=2');
    expect(html).toContain('max-width:560px');
  });

  // T-046
  it('escapes every text in HTML', () => {
    const { html } = layoutMail(
      { ...content, heading: EVIL, reason: EVIL, code: EVIL },
      { name: EVIL, accent: EVIL, language: EVIL },
    );
    expect(html).not.toContain('<img');
  });

  it('leaves out what is not there', () => {
    const { html, text } = layoutMail({ heading: 'H', paragraphs: [], reason: 'R' }, { name: 'N' });
    expect(html).not.toContain('<a ');
    expect(text).toBe('H\n\nR\n\n-- \nN\n');
  });

  it('links only to web addresses', () => {
    const button = { label: 'x', url: 'javascript:alert(1)' };
    expect(() => layoutMail({ ...content, button }, { name: 'N' })).toThrow(TypeError);
  });
});

describe('an accent colour', () => {
  it('stays as it is where it can be read', () => {
    expect(readableAccent('#0f766e').onLight).toBe('#0f766e');
    expect(readableAccent('#fff').onDark).toBe('#ffffff');
  });

  it.each(['#ffff00', '#fff', '#000000', '#777', '#ff0000', 'nonsense', undefined])(
    'is corrected to 4.5:1 for %s',
    (hex) => {
      const { onLight, onDark } = readableAccent(hex);
      expect(ratio(onLight, '#ffffff')).toBeGreaterThanOrEqual(4.5);
      expect(ratio(onDark, '#1c1d1e')).toBeGreaterThanOrEqual(4.5);
    },
  );
});

/** WCAG contrast, written independently of the code under test. */
function ratio(one: string, other: string): number {
  const light = (hex: string) => {
    const number = Number.parseInt(hex.slice(1), 16);
    const parts = [number >> 16, (number >> 8) & 255, number & 255].map((value) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return parts.reduce((sum, part, index) => sum + part * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0.05);
  };
  return Math.max(light(one), light(other)) / Math.min(light(one), light(other));
}
